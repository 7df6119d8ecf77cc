/* The blocks that were kept so far, and what of a batch repeats them: `dedup/match/reference.py` has the same. */
#ifndef DEDUP_KEPT_H
#define DEDUP_KEPT_H

#include <errno.h>

#ifndef ESTALE
#define ESTALE EIO
#endif

#include "rows.h"
#include "store.h"
#include "tables.h"

#define CHUNK 4096 /* blocks */

enum { KIND_PROTECTED = 0, KIND_HEADLINE = 1, KIND_PARAGRAPH = 2, KIND_LIST_ITEM = 3 };
enum { BY_KEY = 0, BY_WORDS = 1, HEADLINE_BY_KEY = 2, HEADLINE_BY_WORDS = 3, MAPS = 4 };

typedef struct {
    uint64_t same, key, links, start, text;
    uint64_t digest; /* 0: the text is the bytes themselves */
    uint32_t text_length, length, document, page, position, line, count, subject;
    uint32_t kind;
    uint32_t source; /* 0: the text is in the store; else the number of the file, from 1, that it is read from again */
} Kept;

typedef struct {
    Arena arena;
    Kept **chunk;
    size_t rows;
    Map map[MAPS];
    BandTable *bands;
    size_t keys; /* band keys of a block */
    size_t *place; /* where each band key would go, as the last search found it, and how many there have it */
    size_t *named;
    const uint64_t *searched;
    int *sources;
    size_t source_count;
    size_t crowd;
    Store store;
    uint32_t *found; /* candidates of one block */
    size_t found_room;
    uint64_t *words;
    uint32_t *ours, *theirs, *spare;
    size_t words_room;
} Memory;

INLINE Kept *kept(const Memory *m, size_t row) { return m->chunk[row / CHUNK] + row % CHUNK; }

INLINE uint64_t map_key(const Memory *m, int which, size_t row) {
    return which == BY_KEY || which == HEADLINE_BY_KEY ? kept(m, row)->key : kept(m, row)->same;
}

INLINE size_t map_home(const Map *map, uint64_t key) { return (size_t)(mix64(key) & (map->size - 1)); }

static uint32_t map_find(const Memory *m, int which, uint64_t key) {
    const Map *map = m->map + which;
    if (!map->used) return NOTHING;
    for (size_t at = map_home(map, key); map->slot[at]; at = (at + 1) & (map->size - 1))
        if (map_key(m, which, map->slot[at] - 1) == key) return map->slot[at] - 1;
    return NOTHING;
}

static int map_grow(Memory *m, int which) {
    Map *map = m->map + which, grown = {NULL, map->size ? map->size * 2 : 1024, map->used};
    grown.slot = arena_zeros(&m->arena, grown.size * sizeof *grown.slot);
    if (!grown.slot) return 0;
    for (size_t i = 0; i < map->size; i++) {
        if (!map->slot[i]) continue;
        size_t at = map_home(&grown, map_key(m, which, map->slot[i] - 1));
        while (grown.slot[at]) at = (at + 1) & (grown.size - 1);
        grown.slot[at] = map->slot[i];
    }
    if (map->slot) arena_free(&m->arena, map->slot, map->size * sizeof *map->slot);
    *map = grown;
    return 1;
}

/* Remembers the row unless an earlier one has its key: 1 where it is the first, 0 where not, -1 without memory. */
static int map_put(Memory *m, int which, size_t row) {
    Map *map = m->map + which;
    uint64_t key = map_key(m, which, row);
    if (map_find(m, which, key) != NOTHING) return 0;
    if (map->used * 4 >= map->size * 3 && !map_grow(m, which)) return -1;
    size_t at = map_home(map, key);
    while (map->slot[at]) at = (at + 1) & (map->size - 1);
    map->slot[at] = (uint32_t)row + 1;
    map->used++;
    return 1;
}

static int bands_put(Memory *m, const uint64_t *keys, size_t row) {
    int searched = m->searched == keys;
    m->searched = NULL;
    for (size_t i = 0; i < m->keys; i++) {
        BandTable *t = band_table(m->bands, keys[i]);
        uint64_t tagged = BAND_TAG(keys[i]) << 32 | (row + 1);
        size_t at, named = 0;
        if ((double)t->used >= (double)t->size * FULLEST) {
            if (!band_grow(&m->arena, t, (size_t)(keys[i] >> 60))) return 0;
            searched = 0; /* the places are those of before */
        }
        if (searched) {
            at = m->place[i];
            named = m->named[i];
        } else {
            at = band_home(t, keys[i]);
        }
        while (t->slot[at]) {
            named += t->slot[at] >> 32 == tagged >> 32;
            at = at + 1 == t->size ? 0 : at + 1;
        }
        if (named >= m->crowd) continue;
        t->slot[at] = tagged;
        t->used++;
    }
    return 1;
}

INLINE void bands_prefetch(const Memory *m, const uint64_t *keys) {
    for (size_t i = 0; i < m->keys; i++) {
        const BandTable *t = band_table(m->bands, keys[i]);
        PREFETCH(t->slot + band_home(t, keys[i]));
    }
}

/* The rows that share a band, in rising order, each once; their number, or (size_t)-1 without memory. */
static size_t bands_find(Memory *m, const uint64_t *keys) {
    size_t count = 0, kept_count = 0;
    for (size_t i = 0; i < m->keys; i++) {
        const BandTable *t = band_table(m->bands, keys[i]);
        uint64_t tag = BAND_TAG(keys[i]);
        size_t at = 0, named = count;
        if (t->size) at = band_home(t, keys[i]);
        for (; t->size && t->slot[at]; at = at + 1 == t->size ? 0 : at + 1) {
            if (t->slot[at] >> 32 != tag) continue;
            if (count == m->found_room) {
                size_t room = count ? count * 2 : 256;
                uint32_t *more = realloc(m->found, 2 * room * sizeof *more); /* the other half to sort with */
                if (!more) return (size_t)-1;
                m->found = more;
                m->found_room = room;
            }
            m->found[count++] = (uint32_t)t->slot[at] - 1;
        }
        m->place[i] = at;
        m->named[i] = count - named;
    }
    m->searched = keys;
    if (count) kept_count = distinct_u32(m->found, count, m->found + m->found_room);
    return kept_count;
}

/* The text of a kept block, valid until the next call; NULL where it cannot be had. */
static const uint8_t *text_of(Memory *m, const Kept *block) {
    size_t done = 0, length = block->text_length;
    if (!block->source) return store_get(&m->store, block->text, length);
    if (!store_room(&m->store, length)) return NULL;
    while (done < length) {
        int64_t got = read_at(m->sources[block->source - 1], m->store.read + done, length - done, block->text + done);
        if (got <= 0) {
            if (!got) errno = ESTALE;
            return NULL;
        }
        done += (size_t)got;
    }
    return m->store.read;
}

/* The distinct shingles of a text, into `theirs` where it is that of a kept block, else into `ours`; (size_t)-1 without
 * memory, with an unknown character, or where it is not the text that was kept. */
static size_t shingle_set(Memory *m, const Fold *fold, size_t k, const uint8_t *text, size_t length, const Kept *theirs) {
    size_t room = length + length / 2 + 64, count;
    uint64_t facts;
    for (;;) {
        if (room > m->words_room) {
            uint32_t *old = m->ours;
            size_t before = m->words_room;
            free(m->words);
            free(m->theirs);
            free(m->spare);
            m->words = malloc(room * sizeof *m->words);
            m->ours = malloc(room * sizeof *m->ours);
            m->theirs = malloc(room * sizeof *m->theirs);
            m->spare = malloc(room * sizeof *m->spare);
            m->words_room = m->words && m->ours && m->theirs && m->spare ? room : 0;
            if (!m->words_room) {
                free(old);
                return (size_t)-1;
            }
            if (old) memcpy(m->ours, old, before * sizeof *old);
            free(old);
        }
        count = words_of(fold, text, length, m->words, m->words_room, &facts);
        if (count == WORDS_UNKNOWN) return (size_t)-1;
        if (count != WORDS_OVERFLOW) break;
        room = m->words_room + 6 * length + 64;
    }
    if (theirs && same_of(m->words, count) != theirs->same) {
        errno = ESTALE; /* the file is not what it was */
        return (size_t)-1;
    }
    uint32_t *out = theirs ? m->theirs : m->ours;
    return distinct_u32(out, shingles_of(m->words, count, k, out), m->spare);
}

/* Jaccard of the set of `size` in `ours` with a kept block, where it reaches the threshold; else 0. -1: something is wrong. */
static double similarity_to(Memory *m, const Fold *fold, size_t k, size_t size, uint32_t row, double threshold) {
    const Kept *block = kept(m, row);
    const uint8_t *text = text_of(m, block);
    size_t other;
    double similarity;
    if (!text) return -1;
    other = shingle_set(m, fold, k, text, block->text_length, block);
    if (other == (size_t)-1) return -1;
    if ((double)(size < other ? size : other) < threshold * (double)(size < other ? other : size)) return 0;
    similarity = jaccard_of(m->ours, size, m->theirs, other);
    return similarity >= threshold ? similarity : 0;
}

/* Remembers a block: 1 where it is the first of its words, 0 where not, -1 without memory. `keys` may be NULL. */
static int remember(Memory *m, Kept block, const uint8_t *text, size_t length, const uint64_t *keys) {
    size_t row = m->rows;
    int headline = block.kind == KIND_HEADLINE, first;
    if (row % CHUNK == 0) {
        Kept **more = realloc(m->chunk, (row / CHUNK + 1) * sizeof *more);
        if (!more) return -1;
        m->chunk = more;
        if (!(more[row / CHUNK] = arena_zeros(&m->arena, CHUNK * sizeof(Kept)))) return -1;
    }
    if (!block.source && (block.text = store_add(&m->store, text, length)) == STORE_FULL) return -1;
    block.text_length = (uint32_t)length;
    *kept(m, row) = block;
    m->rows++;
    if (block.kind == KIND_PROTECTED || !block.count) return 0;
    if (map_put(m, headline ? HEADLINE_BY_KEY : BY_KEY, row) < 0) return -1;
    first = map_put(m, headline ? HEADLINE_BY_WORDS : BY_WORDS, row);
    if (first == 1 && keys && !headline && !bands_put(m, keys, row)) return -1;
    return first;
}

#endif
