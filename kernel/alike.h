/* How similar two paragraphs are: `dedup/match/verify.py` has the same. */
#ifndef DEDUP_ALIKE_H
#define DEDUP_ALIKE_H

#include "keys.h"

#define SHORT_WORDS 45 /* of two blocks of which one has fewer words, the words are compared too */

typedef struct {
    uint64_t words[FEW_WORDS]; /* of a block of so many; else there are none here */
    size_t count;              /* of words, and 0 where there are more than `words` holds */
    uint64_t same;
    uint32_t *shingles;        /* distinct, in rising order */
    size_t size;
} Measured;

INLINE size_t most_different(size_t longest) {
    size_t one_in_eight = longest / 8;
    return longest >= 10 && one_in_eight < 2 ? 2 : one_in_eight;
}

/* Whether two blocks of these numbers of words can be alike by their words. */
INLINE int may_be_alike(size_t n, size_t m) {
    size_t shortest = n < m ? n : m, longest = n < m ? m : n;
    return shortest && shortest < SHORT_WORDS && longest <= FEW_WORDS && longest - shortest <= most_different(longest);
}

/* In how many words two sequences differ (Levenshtein), `limit` + 1 where it is more than `limit`. */
static size_t words_apart(const uint64_t *one, size_t n, const uint64_t *other, size_t m, size_t limit) {
    size_t row[FEW_WORDS + 1];
    while (n && m && *one == *other) one++, other++, n--, m--;
    while (n && m && one[n - 1] == other[m - 1]) n--, m--;
    for (size_t j = 0; j <= m; j++) row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0], least;
        row[0] = least = i;
        for (size_t j = 1; j <= m; j++) {
            size_t here = corner + (one[i - 1] != other[j - 1]);
            corner = row[j];
            if (row[j] + 1 < here) here = row[j] + 1;
            if (row[j - 1] + 1 < here) here = row[j - 1] + 1;
            row[j] = here;
            least = here < least ? here : least;
        }
        if (least > limit) return limit + 1;
    }
    return row[m] <= limit ? row[m] : limit + 1;
}

/* The similarity of two blocks by their words, 0 where these differ too much, or neither is short. */
static double alike_by_words(const Measured *one, const Measured *other) {
    size_t longest = one->count < other->count ? other->count : one->count, limit = most_different(longest), apart;
    if (!may_be_alike(one->count, other->count)) return 0;
    apart = words_apart(one->words, one->count, other->words, other->count, limit);
    return apart <= limit ? 1.0 - (double)apart / (double)longest : 0;
}

/* How similar two blocks are, where that reaches the threshold; else 0. */
static double near_enough(const Measured *one, const Measured *other, double threshold) {
    double similarity = alike_by_words(one, other);
    size_t small = one->size < other->size ? one->size : other->size;
    size_t large = one->size < other->size ? other->size : one->size;
    if ((double)small >= threshold * (double)large) {
        double jaccard = jaccard_of(one->shingles, one->size, other->shingles, other->size);
        similarity = jaccard > similarity ? jaccard : similarity;
    }
    return similarity >= threshold ? similarity : 0;
}

#endif
