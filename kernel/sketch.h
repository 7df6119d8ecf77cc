/* Shingles, MinHash, bands, Jaccard: `dedup/sketch/reference.py` has the same in NumPy. */
#ifndef DEDUP_SKETCH_H
#define DEDUP_SKETCH_H

#include "portable.h"
#include "words.h"

#define PERMUTATIONS 128

INLINE size_t shingle_count(size_t words, size_t k) { return words >= k ? words - k + 1 : words > 0; }

/* Every k words hashed to 32 bits, in order and with repetitions. */
static size_t shingles_of(const uint64_t *words, size_t count, size_t k, uint32_t *out) {
    size_t total = shingle_count(count, k);
    if (k == 3 && count >= 3) {
        for (size_t i = 0; i < total; i++)
            out[i] = (uint32_t)(mix64((words[i] * TERM + words[i + 1]) * TERM + words[i + 2]) >> 32);
        return total;
    }
    for (size_t i = 0; i < total; i++) {
        uint64_t value = 0;
        for (size_t j = i; j < i + k && j < count; j++) value = value * TERM + words[j];
        out[i] = (uint32_t)(mix64(value) >> 32);
    }
    return total;
}

/* From where they are, which may be `v` itself, one by one to their place. */
INLINE void insert_u32(const uint32_t *from, size_t n, uint32_t *v) {
    for (size_t i = 0; i < n; i++) {
        uint32_t x = from[i];
        size_t j = i;
        for (; j && v[j - 1] > x; j--) v[j] = v[j - 1];
        v[j] = x;
    }
}

static void sort_u32(uint32_t *v, size_t n, uint32_t *spare) {
    if (n <= 24) {
        insert_u32(v, n, v);
        return;
    }
    if (n < 2048) { /* one pass by the highest byte leaves almost nothing for insertion */
        uint32_t at[257] = {0};
        for (size_t i = 0; i < n; i++) at[(v[i] >> 24) + 1]++;
        for (int b = 0; b < 256; b++) at[b + 1] += at[b];
        for (size_t i = 0; i < n; i++) spare[at[v[i] >> 24]++] = v[i];
        insert_u32(spare, n, v);
        return;
    }
    for (int shift = 0; shift < 32; shift += 8) {
        size_t at[257] = {0};
        for (size_t i = 0; i < n; i++) at[((v[i] >> shift) & 255) + 1]++;
        for (int b = 0; b < 256; b++) at[b + 1] += at[b];
        for (size_t i = 0; i < n; i++) spare[at[(v[i] >> shift) & 255]++] = v[i];
        uint32_t *swap = v;
        v = spare;
        spare = swap;
    }
}

/* Rising order, each once; the new count. */
static size_t distinct_u32(uint32_t *v, size_t n, uint32_t *spare) {
    sort_u32(v, n, spare);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!i || v[i] != v[i - 1]) v[kept++] = v[i];
    return kept;
}

/* `affine32` of datasketch: a value mixed once, then permuted as a·h + b; the least of each permutation.
 *
 * All that belongs to one permutation stays in registers while the shingles go by: with AVX-512 all 128 at a time,
 * with AVX2 and elsewhere (NEON, as the compiler makes it) so many as there are registers for. */
INLINE uint32_t mix32(uint32_t v) {
    v = (v ^ (v >> 16)) * 0x85EBCA6BU;
    v = (v ^ (v >> 13)) * 0xC2B2AE35U;
    return v ^ (v >> 16);
}

static void minhash_portable(const uint32_t *shingles, size_t count, const uint32_t *factor, const uint32_t *offset,
                             uint32_t *out) {
    for (int part = 0; part < PERMUTATIONS; part += 32) {
        uint32_t a[32], b[32], least[32];
        memcpy(a, factor + part, sizeof a);
        memcpy(b, offset + part, sizeof b);
        memset(least, 0xFF, sizeof least);
        for (size_t i = 0; i < count; i++) {
            uint32_t h = mix32(shingles[i]);
            for (int j = 0; j < 32; j++) {
                uint32_t x = a[j] * h + b[j];
                least[j] = x < least[j] ? x : least[j];
            }
        }
        memcpy(out + part, least, sizeof least);
    }
}

typedef void Minhash(const uint32_t *, size_t, const uint32_t *, const uint32_t *, uint32_t *);

#ifdef HAVE_X86_VERSIONS
#include <immintrin.h>

__attribute__((target("avx512f"))) static void minhash_avx512(const uint32_t *shingles, size_t count,
                                                              const uint32_t *factor, const uint32_t *offset,
                                                              uint32_t *out) {
    __m512i a[8], b[8], least[8];
    for (int j = 0; j < 8; j++) {
        a[j] = _mm512_loadu_si512(factor + 16 * j);
        b[j] = _mm512_loadu_si512(offset + 16 * j);
        least[j] = _mm512_set1_epi32(-1);
    }
    for (size_t i = 0; i < count; i++) {
        __m512i h = _mm512_set1_epi32((int)mix32(shingles[i]));
        for (int j = 0; j < 8; j++)
            least[j] = _mm512_min_epu32(least[j], _mm512_add_epi32(_mm512_mullo_epi32(a[j], h), b[j]));
    }
    for (int j = 0; j < 8; j++) _mm512_storeu_si512(out + 16 * j, least[j]);
}

__attribute__((target("avx2"))) static void minhash_avx2(const uint32_t *shingles, size_t count,
                                                         const uint32_t *factor, const uint32_t *offset,
                                                         uint32_t *out) {
    for (int part = 0; part < PERMUTATIONS; part += 64) {
        __m256i least[8];
        for (int j = 0; j < 8; j++) least[j] = _mm256_set1_epi32(-1);
        for (size_t i = 0; i < count; i++) {
            __m256i h = _mm256_set1_epi32((int)mix32(shingles[i]));
            for (int j = 0; j < 8; j++) {
                __m256i a = _mm256_loadu_si256((const __m256i *)(factor + part + 8 * j));
                __m256i b = _mm256_loadu_si256((const __m256i *)(offset + part + 8 * j));
                least[j] = _mm256_min_epu32(least[j], _mm256_add_epi32(_mm256_mullo_epi32(a, h), b));
            }
        }
        for (int j = 0; j < 8; j++) _mm256_storeu_si256((__m256i *)(out + part + 8 * j), least[j]);
    }
}

static Minhash *widest_minhash(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) return minhash_avx512;
    return __builtin_cpu_supports("avx2") ? minhash_avx2 : minhash_portable;
}
#else
static Minhash *widest_minhash(void) { return minhash_portable; }
#endif

static Minhash *minhash; /* set when the module is loaded */

static void bands_of(const uint32_t *signature, size_t bands, size_t rows, uint64_t *out) {
    for (size_t band = 0; band < bands; band++) {
        uint64_t key = band + 1;
        for (size_t row = 0; row < rows; row++) {
            key = (key ^ *signature++) * LETTER;
            key ^= key >> 32;
        }
        out[band] = key;
    }
}

/* How many values two sets in rising order share. */
static size_t shared_u32(const uint32_t *one, size_t n, const uint32_t *other, size_t m) {
    size_t i = 0, j = 0, shared = 0;
    while (i < n && j < m) {
        uint32_t a = one[i], b = other[j];
        shared += a == b;
        i += a <= b;
        j += b <= a;
    }
    return shared;
}

static double jaccard_of(const uint32_t *one, size_t n, const uint32_t *other, size_t m) {
    size_t shared = shared_u32(one, n, other, m);
    return n && m ? (double)shared / (double)(n + m - shared) : 0.0;
}

#endif
