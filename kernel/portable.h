/* What differs between compilers: inlining, and versions of a function for several processors. */
#ifndef DEDUP_PORTABLE_H
#define DEDUP_PORTABLE_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__) || defined(__clang__)
#define INLINE static inline __attribute__((always_inline))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define PREFETCH(x) __builtin_prefetch(x)
#else
#define INLINE static __forceinline
#define LIKELY(x) (x)
#define UNLIKELY(x) (x)
#define PREFETCH(x) ((void)(x))
#endif

/* Functions for several processors in one file, of which one is chosen when the module is loaded. */
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HAVE_X86_VERSIONS
#endif

/* Every 64-bit x86 processor has these. */
#if defined(__SSE2__) || defined(_M_X64)
#define HAVE_SSE2
#include <emmintrin.h>
#endif

#ifdef _MSC_VER
#include <intrin.h>
#endif

INLINE unsigned trailing_zeros(uint64_t v) {
#if defined(__GNUC__) || defined(__clang__)
    return (unsigned)__builtin_ctzll(v);
#else
    unsigned long at;
    _BitScanForward64(&at, v);
    return (unsigned)at;
#endif
}

INLINE unsigned set_bits(uint64_t v) {
#if defined(__GNUC__) || defined(__clang__)
    return (unsigned)__builtin_popcountll(v);
#else
    unsigned count = 0;
    for (; v; v &= v - 1) count++;
    return count;
#endif
}

#endif
