/* The blocks that were kept so far, and what of a batch repeats them: `dedup/match/reference.py` has the same. */
#ifndef DEDUP_KEPT_H
#define DEDUP_KEPT_H

#include <errno.h>

#ifndef ESTALE
#define ESTALE EIO
#endif

#include "alike.h"
#include "rows.h"
#include "store.h"
#include "tables.h"

#define CHUNK 4096 /* blocks */

enum { KIND_PROTECTED = 0, KIND_HEADLINE = 1, KIND_PARAGRAPH = 2, KIND_LIST_ITEM = 3 };
enum { BY_KEY = 0, BY_WORDS = 1, HEADLINE_BY_KEY = 2, HEADLINE_BY_WORDS = 3, MAPS = 4 };

typedef struct {
    uint64_t same, key, start, text;
    uint32_t text_length, length, document, page, position, line, count, subject;
    uint16_t kind;
    uint16_t source; /* 0: the text is in the store; else the number of the file, from 1, that it is read from again */
    uint32_t detail; /* the number of its Detail, from 1; 0: there are no links, and the text is the bytes themselves */
} Kept;

typedef struct {
    uint64_t links, digest;
} Detail;

typedef struct {
    Arena arena;
    Kept **chunk; /* NULL where an index holds all its rows, and none was placed */
    size_t chunks;
    size_t rows;
    size_t base; /* the rows before are an index's; of these only those are here that were placed */
    Map map[MAPS];
    BandTable *bands;
    size_t place[MOST_KEYS]; /* where each key would go, as the last search found it, and how many there have it */
    size_t named[MOST_KEYS];
    const uint64_t *searched;
    int *sources;
    size_t source_count;
    Grown details;
    size_t crowd;
    Store store;
    uint32_t *found; /* candidates of one block */
    size_t found_room;
    uint64_t *words;
    Measured ours, theirs;
    uint32_t *spare;
    size_t words_room;
} Memory;

INLINE Kept *kept(const Memory *m, size_t row) { return m->chunk[row / CHUNK] + row % CHUNK; }

INLINE uint64_t map_key(const Memory *m, int which, size_t row) {
    return which == BY_KEY || which == HEADLINE_BY_KEY ? kept(m, row)->key : kept(m, row)->same;
}

static uint32_t map_find(const Memory *m, int which, uint64_t key) {
    const Map *map = m->map + which;
    uint64_t hash = mix64(key);
    if (!map->used) return NOTHING;
    for (size_t at = hash & (map->size - 1); map->slot[at]; at = (at + 1) & (map->size - 1)) {
        uint32_t row = (uint32_t)map->slot[at] - 1;
        if (map->slot[at] >> 32 == hash >> 32 && map_key(m, which, row) == key) return row;
    }
    return NOTHING;
}

/* The first row with a key: mostly the first with its words, of which the other map knows nothing. */
INLINE uint32_t find_equal(const Memory *m, int headline, uint64_t key, uint64_t same) {
    uint32_t row = map_find(m, headline ? HEADLINE_BY_WORDS : BY_WORDS, same);
    if (row == NOTHING || kept(m, row)->key == key) return row;
    return map_find(m, headline ? HEADLINE_BY_KEY : BY_KEY, key);
}

INLINE void map_prefetch(const Memory *m, int which, uint64_t key) {
    if (m->map[which].size) PREFETCH(m->map[which].slot + (mix64(key) & (m->map[which].size - 1)));
}

static int map_grow(Memory *m, int which) {
    Map *map = m->map + which, grown = {NULL, map->size ? map->size * 2 : 1024, map->used};
    grown.slot = arena_zeros(&m->arena, grown.size * sizeof *grown.slot);
    if (!grown.slot) return 0;
    for (size_t i = 0; i < map->size; i++) {
        if (!map->slot[i]) continue;
        size_t at = mix64(map_key(m, which, (uint32_t)map->slot[i] - 1)) & (grown.size - 1);
        while (grown.slot[at]) at = (at + 1) & (grown.size - 1);
        grown.slot[at] = map->slot[i];
    }
    if (map->slot) arena_free(&m->arena, map->slot, map->size * sizeof *map->slot);
    *map = grown;
    return 1;
}

/* Remembers a row under a key that none has; 0 without memory. */
static int map_put(Memory *m, int which, uint64_t key, size_t row) {
    Map *map = m->map + which;
    uint64_t hash = mix64(key);
    size_t at;
    if (map->used * 4 >= map->size * 3 && !map_grow(m, which)) return 0;
    at = hash & (map->size - 1);
    while (map->slot[at]) at = (at + 1) & (map->size - 1);
    map->slot[at] = hash >> 32 << 32 | (row + 1);
    map->used++;
    return 1;
}

static int bands_put(Memory *m, const uint64_t *keys, size_t count, size_t row) {
    int searched = m->searched == keys;
    m->searched = NULL;
    for (size_t i = 0; i < count; i++) {
        BandTable *t = band_table(m->bands, keys[i]);
        uint32_t tag = band_tag(keys[i]);
        size_t bucket = m->place[i], named = m->named[i];
        if ((double)t->used >= (double)(t->size * BUCKET) * FULLEST) {
            if (!band_grow(&m->arena, t, (size_t)(keys[i] >> 60))) return 0;
            searched = 0; /* the places are those of before */
        }
        if (!searched) {
            bucket = band_home(t, tag);
            for (named = 0;; bucket = bucket + 1 == t->size ? 0 : bucket + 1) {
                const uint32_t *tags = band_bucket(t, bucket);
                for (uint32_t same = band_equal(tags, tag); same; same &= same - 1) named++;
                if (band_equal(tags, 0)) break;
            }
        }
        if (named < m->crowd) band_put(t, bucket, tag, (uint32_t)row);
    }
    return 1;
}

/* Remembers a row under one band key, unless it is there or the key is crowded; 0 without memory. */
static int band_place(Memory *m, uint64_t key, uint32_t row) {
    BandTable *t = band_table(m->bands, key);
    uint32_t tag = band_tag(key);
    size_t bucket, named = 0;
    m->searched = NULL;
    if ((double)t->used >= (double)(t->size * BUCKET) * FULLEST && !band_grow(&m->arena, t, (size_t)(key >> 60)))
        return 0;
    for (bucket = band_home(t, tag);; bucket = bucket + 1 == t->size ? 0 : bucket + 1) {
        const uint32_t *tags = band_bucket(t, bucket);
        for (uint32_t same = band_equal(tags, tag); same; same &= same - 1) {
            if (tags[BUCKET + trailing_zeros(same)] == row) return 1;
            named++;
        }
        if (band_equal(tags, 0)) break;
    }
    if (named < m->crowd) band_put(t, bucket, tag, row);
    return 1;
}

INLINE void bands_prefetch(const Memory *m, const uint64_t *keys, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const BandTable *t = band_table(m->bands, keys[i]);
        PREFETCH(band_bucket(t, band_home(t, band_tag(keys[i]))));
    }
}

/* Leaves of the rows found those that were found so often, each once; their number. */
static size_t agreeing(uint32_t *found, size_t count, size_t need, uint32_t *spare) {
    size_t left = 0;
    sort_u32(found, count, spare);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i; next < count && found[next] == found[i];) next++;
        if (next - i >= need) found[left++] = found[i];
    }
    return left;
}

/* The rows that share a band, or enough shingles, in rising order, each once; their number, or (size_t)-1 without
 * memory. The keys of shingles come first. */
static size_t bands_find(Memory *m, const uint64_t *keys, size_t key_count) {
    size_t count = 0, need = key_count ? (size_t)(keys[0] & NEED) : 0;
    for (size_t i = 0; i < key_count; i++) {
        if (need && !(keys[i] & NEED)) {
            count = agreeing(m->found, count, need, m->found + m->found_room);
            need = 0;
        }
        const BandTable *t = band_table(m->bands, keys[i]);
        uint32_t tag = band_tag(keys[i]);
        size_t bucket = t->size ? band_home(t, tag) : 0, before = count;
        for (; t->size; bucket = bucket + 1 == t->size ? 0 : bucket + 1) {
            const uint32_t *tags = band_bucket(t, bucket);
            for (uint32_t same = band_equal(tags, tag); same; same &= same - 1) {
                if (count == m->found_room) {
                    size_t room = count ? count * 2 : 256;
                    uint32_t *more = realloc(m->found, 2 * room * sizeof *more); /* the other half to sort with */
                    if (!more) return (size_t)-1;
                    m->found = more;
                    m->found_room = room;
                }
                m->found[count++] = tags[BUCKET + trailing_zeros(same)];
            }
            if (band_equal(tags, 0)) break;
        }
        m->place[i] = bucket;
        m->named[i] = count - before;
    }
    m->searched = keys;
    return agreeing(m->found, count, need, m->found + m->found_room);
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

/* What a text is compared by, into `ours` or `theirs`; 0 without memory, or with an unknown character. */
static int measure_text(Memory *m, const Fold *fold, size_t k, const uint8_t *text, size_t length, Measured *out) {
    size_t room = length + length / 2 + 64, count;
    uint64_t facts;
    for (;;) {
        if (room > m->words_room) {
            uint32_t *old = m->ours.shingles;
            size_t before = m->words_room;
            free(m->words);
            free(m->theirs.shingles);
            free(m->spare);
            m->words = malloc(room * sizeof *m->words);
            m->ours.shingles = malloc(room * sizeof *old);
            m->theirs.shingles = malloc(room * sizeof *old);
            m->spare = malloc(room * sizeof *m->spare);
            m->words_room = m->words && m->ours.shingles && m->theirs.shingles && m->spare ? room : 0;
            if (!m->words_room) {
                free(old);
                return 0;
            }
            if (old) memcpy(m->ours.shingles, old, before * sizeof *old);
            free(old);
        }
        count = words_of(fold, text, length, m->words, m->words_room, &facts);
        if (count == WORDS_UNKNOWN) return 0;
        if (count != WORDS_OVERFLOW) break;
        room = m->words_room + 6 * length + 64;
    }
    out->same = same_of(m->words, count);
    out->count = count <= FEW_WORDS ? count : 0;
    memcpy(out->words, m->words, out->count * sizeof *m->words);
    out->size = distinct_u32(out->shingles, shingles_of(m->words, count, k, out->shingles), m->spare);
    return 1;
}

/* How similar a kept block is to `ours`, of so many words, where that reaches the threshold; else 0. -1: something is
 * wrong. */
static double similarity_to(Memory *m, const Fold *fold, size_t k, uint32_t row, double threshold) {
    const Kept *block = kept(m, row);
    const uint8_t *text;
    /* A block has no more distinct shingles than shingles. */
    if ((double)shingle_count(block->count, k) < threshold * (double)m->ours.size &&
        !may_be_alike(m->ours.count, block->count))
        return 0;
    if (!(text = text_of(m, block)) || !measure_text(m, fold, k, text, block->text_length, &m->theirs)) return -1;
    if (m->theirs.same != block->same) {
        errno = ESTALE; /* the file is not what it was */
        return -1;
    }
    return near_enough(&m->ours, &m->theirs, threshold);
}

/* Forgets the rows from one number on, as if they had never been remembered; 0 without memory, and nothing is forgotten. */
static int forget(Memory *m, size_t from) {
    Map maps[MAPS];
    BandTable bands[BAND_TABLES];
    int ok = 1;
    for (int i = 0; i < MAPS; i++) {
        Map *old = m->map + i;
        maps[i] = (Map){NULL, old->size, 0};
        if (!old->size) continue;
        maps[i].slot = arena_zeros(&m->arena, old->size * sizeof *old->slot);
        ok = ok && maps[i].slot;
        for (size_t at = 0; ok && at < old->size; at++) {
            uint32_t row = (uint32_t)old->slot[at] - 1;
            if (!old->slot[at] || row >= from) continue;
            size_t to = mix64(map_key(m, i, row)) & (old->size - 1);
            while (maps[i].slot[to]) to = (to + 1) & (old->size - 1);
            maps[i].slot[to] = old->slot[at];
            maps[i].used++;
        }
    }
    for (int i = 0; i < BAND_TABLES; i++) {
        BandTable *old = m->bands + i;
        bands[i] = (BandTable){NULL, old->size, 0};
        if (!old->size) continue;
        bands[i].data = arena_zeros(&m->arena, old->size * BUCKET_BYTES);
        ok = ok && bands[i].data;
        for (size_t bucket = 0; ok && bucket < old->size; bucket++) {
            const uint32_t *tags = band_bucket(old, bucket);
            for (int at = 0; at < BUCKET && tags[at]; at++)
                if (tags[BUCKET + at] < from) band_put(bands + i, band_home(bands + i, tags[at]), tags[at], tags[BUCKET + at]);
        }
    }
    /* Where it went well the old ones go, else the new ones. */
    for (int i = 0; i < MAPS; i++) {
        Map gone = ok ? m->map[i] : maps[i];
        if (gone.slot) arena_free(&m->arena, gone.slot, gone.size * sizeof *gone.slot);
        if (ok) m->map[i] = maps[i];
    }
    for (int i = 0; i < BAND_TABLES; i++) {
        BandTable gone = ok ? m->bands[i] : bands[i];
        if (gone.data) arena_free(&m->arena, gone.data, gone.size * BUCKET_BYTES);
        if (ok) m->bands[i] = bands[i];
    }
    if (!ok) return 0;
    for (size_t row = from; row < m->rows; row++) *kept(m, row) = (Kept){0};
    m->rows = from < m->rows ? from : m->rows;
    m->searched = NULL;
    return 1;
}

/* Whether a row's chunk is there; made where it was not. 0 without memory. */
static int chunk_for(Memory *m, size_t row) {
    size_t at = row / CHUNK;
    if (at >= m->chunks) {
        Kept **more = realloc(m->chunk, (at + 1) * sizeof *more);
        if (!more) return 0;
        while (m->chunks <= at) more[m->chunks++] = NULL;
        m->chunk = more;
    }
    return m->chunk[at] || (m->chunk[at] = arena_zeros(&m->arena, CHUNK * sizeof(Kept)));
}

/* Writes a row with its text; 0 without memory. */
static int put_kept(Memory *m, size_t row, Kept block, const uint8_t *text, size_t length) {
    if (!chunk_for(m, row)) return 0;
    if (!block.source && (block.text = store_add(&m->store, text, length)) == STORE_FULL) return 0;
    block.text_length = (uint32_t)length;
    *kept(m, row) = block;
    return 1;
}

/* Makes a row one that is found by its words or its key: 1 where it is the first of its words, 0 where not, -1 without
 * memory. A row that is found already is left alone. */
static int find_by(Memory *m, size_t row) {
    const Kept *block = kept(m, row);
    int headline = block->kind == KIND_HEADLINE;
    uint32_t found;
    if (block->kind == KIND_PROTECTED || !block->count) return 0;
    found = map_find(m, headline ? HEADLINE_BY_WORDS : BY_WORDS, block->same);
    if (found == NOTHING) return map_put(m, headline ? HEADLINE_BY_WORDS : BY_WORDS, block->same, row) ? 1 : -1;
    if (found == row) return 1;
    if (kept(m, found)->key == block->key || map_find(m, headline ? HEADLINE_BY_KEY : BY_KEY, block->key) != NOTHING)
        return 0;
    return map_put(m, headline ? HEADLINE_BY_KEY : BY_KEY, block->key, row) ? 0 : -1;
}

/* Remembers a block: 1 where it is the first of its words, 0 where not, -1 without memory. `keys` may be NULL. */
static int remember(Memory *m, Kept block, const uint8_t *text, size_t length, const uint64_t *keys, size_t count) {
    size_t row = m->rows;
    int first;
    if (row >= NOTHING - 1 || length > UINT32_MAX) {
        errno = EOVERFLOW;
        return -1;
    }
    if (!put_kept(m, row, block, text, length)) return -1;
    m->rows++;
    first = find_by(m, row);
    return first == 1 && keys && block.kind != KIND_HEADLINE && !bands_put(m, keys, count, row) ? -1 : first;
}

#endif
