/* The keys under which a block is found: bands, and of a short one its rarest shingles; `dedup/sketch/keys.py` has the
 * same, and says why no pair is lost. */
#ifndef DEDUP_KEYS_H
#define DEDUP_KEYS_H

#include "sketch.h"

#define MOST_KEYS 256    /* more than a block can have */
#define AGREEING 3       /* so many shingles two short blocks share to be compared, where they must share so many */
#define NEED 15ULL       /* the bits of a key that say how many those are; 0 in that of a band */
#define FEW_SHINGLES 48  /* so many at most are looked at one by one */
#define FEW_WORDS 50
#define RARE 0x5DULL     /* in the high half of what a shingle's key is made of */

enum { BY_WORDS_AT = 0, BY_SIZE_AT = 64, BANDED_AT = 128, COMMON_AT = 192, COMMON_BITS = 4096 };

typedef struct {
    size_t shingle, bands, rows;
    const uint32_t *factor, *offset;
    const uint8_t *tables; /* how many shingles by the number of words and of shingles, what has bands, common words */
} KeyPlan;

INLINE uint64_t is_common(const KeyPlan *plan, uint64_t word) {
    size_t bit = (size_t)(word & (COMMON_BITS - 1));
    return plan->tables[COMMON_AT + bit / 8] >> (bit % 8) & 1;
}

/* Whether there may be no more than a few distinct ones: more bits than that say no. */
INLINE int may_be_few(const uint32_t *shingles, size_t total) {
    uint64_t seen[8] = {0};
    size_t bits = 0;
    if (total <= FEW_SHINGLES) return 1;
    for (size_t i = 0; i < total; i++) seen[shingles[i] >> 6 & 7] |= 1ULL << (shingles[i] & 63);
    for (int i = 0; i < 8; i++) bits += set_bits(seen[i]);
    return bits <= FEW_SHINGLES;
}

/* The distinct shingles of a block, those of the fewest common words first; their number, 0 where they are not few. */
static size_t rarest_first(const KeyPlan *plan, const uint64_t *words, size_t count, const uint32_t *shingles,
                           size_t total, uint64_t *out) {
    size_t size = 0;
    if (!may_be_few(shingles, total)) return 0;
    for (size_t i = 0; i < total; i++) {
        uint64_t value = shingles[i], common = 0;
        size_t at = size;
        for (size_t j = i; j < i + plan->shingle && j < count; j++) common += is_common(plan, words[j]);
        value |= common << 32;
        while (at && out[at - 1] > value) at--;
        if (at && out[at - 1] == value) continue;
        if (size == FEW_SHINGLES) return 0;
        memmove(out + at + 1, out + at, (size - at) * sizeof *out);
        out[at] = value;
        size++;
    }
    return size;
}

/* The keys of a block of so many words, one or more, into `out` (MOST_KEYS); `shingles` has room for all its shingles. */
static size_t keys_of(const KeyPlan *plan, const uint64_t *words, size_t count, uint32_t *shingles, uint64_t *out) {
    uint64_t rare[FEW_SHINGLES];
    size_t total = shingles_of(words, count, plan->shingle, shingles), keys = 0;
    size_t size = rarest_first(plan, words, count, shingles, total, rare);
    if (size) {
        keys = plan->tables[BY_SIZE_AT + size];
        if (count <= FEW_WORDS && plan->tables[BY_WORDS_AT + count] > keys) keys = plan->tables[BY_WORDS_AT + count];
        keys = keys < size ? keys : size;
        size_t need = size - keys + 1 < AGREEING ? size - keys + 1 : AGREEING;
        keys = keys + AGREEING - 1 < size ? keys + AGREEING - 1 : size;
        for (size_t i = 0; i < keys; i++) out[i] = (mix64(RARE << 32 | (rare[i] & 0xFFFFFFFF)) & ~NEED) | need;
    }
    if (!size || plan->tables[BANDED_AT + size]) {
        uint32_t signature[PERMUTATIONS];
        minhash(shingles, total, plan->factor, plan->offset, signature);
        bands_of(signature, plan->bands, plan->rows, out + keys);
        for (size_t i = 0; i < plan->bands; i++) out[keys++] &= ~NEED;
    }
    return keys;
}

#endif
