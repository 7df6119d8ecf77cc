/* The hash tables over kept blocks, flat arrays all: rows by a 64-bit key, and rows by the keys of their bands. */
#ifndef DEDUP_TABLES_H
#define DEDUP_TABLES_H

#include "portable.h"

/* --- Memory, from the heap, or from a file that the system may move out of the way ---------------------------- */

#ifndef _WIN32
#include <sys/mman.h>
#include <unistd.h>
#define HAVE_MAPPED
#endif

#define LARGE ((size_t)8 << 20)

typedef struct {
    int file;          /* -1: from the heap */
    uint64_t used;     /* bytes of the file */
    uint64_t mapped;   /* bytes of it in use */
} Arena;

static void *arena_zeros(Arena *arena, size_t size) {
#ifdef HAVE_MAPPED
    if (arena->file >= 0) {
        uint64_t at = arena->used;
        void *data;
        size = (size + 0xFFFF) & ~(size_t)0xFFFF;
        if (ftruncate(arena->file, (off_t)(at + size))) return NULL;
        data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, arena->file, (off_t)at);
        if (data == MAP_FAILED) return NULL;
        arena->used += size;
        arena->mapped += size;
        return data;
    }
#endif
    (void)arena;
#ifdef MADV_HUGEPAGE
    if (size >= LARGE) { /* at random places of large tables small pages cost more than the memory itself */
        void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (data == MAP_FAILED) return NULL;
        madvise(data, size, MADV_HUGEPAGE);
        return data;
    }
#endif
    return calloc(size ? size : 1, 1);
}

static void arena_free(Arena *arena, void *data, size_t size) {
#ifdef HAVE_MAPPED
    if (arena->file >= 0) {
        size = (size + 0xFFFF) & ~(size_t)0xFFFF;
#ifdef MADV_REMOVE
        madvise(data, size, MADV_REMOVE); /* gives the disk back */
#endif
        munmap(data, size);
        arena->mapped -= size;
        return;
    }
#endif
#ifdef MADV_HUGEPAGE
    if (size >= LARGE) {
        munmap(data, size);
        return;
    }
#endif
    (void)arena;
    (void)size;
    free(data);
}

/* Lets the system have the pages back; what they hold is in the file. */
static void arena_release(Arena *arena, void *data, size_t size) {
#ifdef HAVE_MAPPED
    if (arena->file >= 0) madvise(data, (size + 0xFFFF) & ~(size_t)0xFFFF, MADV_DONTNEED);
#else
    (void)arena;
    (void)data;
    (void)size;
#endif
}

/* --- Rows by a key: the first row that has it --------------------------------------------------------------------- */

typedef struct {
    uint32_t *slot; /* row + 1, 0 where empty */
    size_t size;    /* a power of two */
    size_t used;
} Map;

/* --- Rows by band keys ---------------------------------------------------------------------------------------------- */

/* A key counts with its 36 highest bits: 4 choose a table, 32 are its tag and choose its place in it, in rising order,
 * so that a table can grow by any part. With a million blocks one in a hundred gets a false candidate. */
#define BAND_TABLES 16
#define BAND_TAG(key) ((key) >> 28 & 0xFFFFFFFF)
#define FULLEST 0.85
#define NOTHING 0xFFFFFFFFu

typedef struct {
    uint64_t *slot; /* tag << 32 | row + 1, 0 where empty */
    size_t size, used;
} BandTable;

INLINE size_t band_home(const BandTable *t, uint64_t key) {
    return (size_t)((BAND_TAG(key) * (uint64_t)t->size) >> 32);
}

INLINE BandTable *band_table(BandTable *tables, uint64_t key) { return tables + (key >> 60); }

INLINE void band_put(BandTable *t, uint64_t tagged, size_t home) {
    while (t->slot[home]) home = home + 1 == t->size ? 0 : home + 1;
    t->slot[home] = tagged;
    t->used++;
}

/* Doubles what is cheap to double, and later adds a half at a time. */
static int band_grow(Arena *arena, BandTable *t, size_t number) {
    BandTable grown = {NULL, 0, 0};
    /* They do not all grow at once: the first sizes are spread over one step. */
    size_t first = 32 + 2 * number;
    grown.size = !t->size ? first : t->size < 65536 ? t->size * 2 : t->size + t->size / 2;
    grown.slot = arena_zeros(arena, grown.size * sizeof *grown.slot);
    if (!grown.slot) return 0;
    for (size_t i = 0; i < t->size; i++)
        if (t->slot[i]) band_put(&grown, t->slot[i], band_home(&grown, (t->slot[i] >> 32) << 28));
    if (t->slot) arena_free(arena, t->slot, t->size * sizeof *t->slot);
    *t = grown;
    return 1;
}

#endif
