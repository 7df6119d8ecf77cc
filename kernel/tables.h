/* The hash tables over kept blocks, flat arrays all: rows by a 64-bit key, and rows by the keys of their bands. */
#ifndef DEDUP_TABLES_H
#define DEDUP_TABLES_H

#include "portable.h"

/* --- Memory, from the heap, or from a file that the system may move out of the way ---------------------------- */

#ifndef _WIN32
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#define HAVE_MAPPED
#endif

#define LARGE ((size_t)1 << 20) /* from the system, and back to it: a heap would keep what grown tables leave */

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
#ifdef __linux__
        /* A page of a file without disk behind it could not be written to: it would end the process. */
        int problem = posix_fallocate(arena->file, (off_t)at, (off_t)size);
        if (problem) {
            errno = problem;
            return NULL;
        }
#else
        if (ftruncate(arena->file, (off_t)(at + size))) return NULL;
#endif
        data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, arena->file, (off_t)at);
        if (data == MAP_FAILED) return NULL;
        arena->used += size;
        arena->mapped += size;
        return data;
    }
#endif
    (void)arena;
#ifdef MADV_HUGEPAGE
    if (size >= LARGE) {
        void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (data == MAP_FAILED) return NULL;
        /* At random places of large tables small pages cost more than the memory itself. */
        if (size >= 4 * LARGE) madvise(data, size, MADV_HUGEPAGE);
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

/* --- Rows by a key: the first row that has it ----------------------------------------------------------------- */

typedef struct {
    uint64_t *slot; /* the high half of the key's hash, and row + 1; 0 where empty */
    size_t size;    /* a power of two */
    size_t used;
} Map;

/* --- Rows by band keys -------------------------------------------------------------------------------------- */

/* A key counts with its 36 highest bits: 4 choose a table, 32 are its tag and choose its bucket in it, in rising order,
 * so that a table can grow by any part. With a million blocks one in a hundred gets a false candidate.
 *
 * A bucket is two cache lines, sixteen tags and their sixteen rows; most searches need no more than the first. What does
 * not fit goes to the next bucket. */
#define BAND_TABLES 16
#define FULLEST 0.88
#define NOTHING 0xFFFFFFFFu
#define BUCKET 16

typedef struct {
    uint32_t *data;
    size_t size; /* buckets */
    size_t used; /* entries */
} BandTable;

INLINE uint32_t band_tag(uint64_t key) {
    uint32_t tag = (uint32_t)(key >> 28);
    return tag ? tag : 1; /* 0 is an empty place */
}

INLINE BandTable *band_table(BandTable *tables, uint64_t key) { return tables + (key >> 60); }

INLINE size_t band_home(const BandTable *t, uint32_t tag) { return (size_t)((tag * (uint64_t)t->size) >> 32); }

INLINE uint32_t *band_bucket(const BandTable *t, size_t bucket) { return t->data + bucket * 2 * BUCKET; }

/* Which of a bucket's tags are this one, a bit for each. */
INLINE uint32_t band_equal(const uint32_t *tags, uint32_t tag) {
    uint32_t mask = 0;
#ifdef HAVE_SSE2
    __m128i wanted = _mm_set1_epi32((int)tag);
    for (int i = 0; i < 4; i++) {
        __m128i same = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)(tags + 4 * i)), wanted);
        mask |= (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(same)) << (4 * i);
    }
#else
    for (int i = 0; i < BUCKET; i++) mask |= (uint32_t)(tags[i] == tag) << i;
#endif
    return mask;
}

/* Puts an entry into the first free place from a bucket on. */
INLINE void band_put(BandTable *t, size_t bucket, uint32_t tag, uint32_t row) {
    for (;; bucket = bucket + 1 == t->size ? 0 : bucket + 1) {
        uint32_t *tags = band_bucket(t, bucket), empty = band_equal(tags, 0);
        if (!empty) continue;
        unsigned at = trailing_zeros(empty);
        tags[at] = tag;
        tags[BUCKET + at] = row;
        t->used++;
        return;
    }
}

#define BUCKET_BYTES (2 * BUCKET * sizeof(uint32_t))

/* Doubles what is cheap to double, and later adds two fifths at a time. */
static int band_grow(Arena *arena, BandTable *t, size_t number) {
    BandTable grown = {NULL, 0, 0};
    /* They do not all grow at once: the first sizes are spread over one step. */
    grown.size = !t->size ? 16 + number / 2 : t->size < 128 ? t->size * 2 : t->size + t->size * 2 / 5;
    grown.data = arena_zeros(arena, grown.size * BUCKET_BYTES);
    if (!grown.data) return 0;
    for (size_t bucket = 0; bucket < t->size; bucket++) {
        const uint32_t *tags = band_bucket(t, bucket);
        for (int i = 0; i < BUCKET && tags[i]; i++) band_put(&grown, band_home(&grown, tags[i]), tags[i], tags[BUCKET + i]);
    }
    if (t->data) arena_free(arena, t->data, t->size * BUCKET_BYTES);
    *t = grown;
    return 1;
}

#endif
