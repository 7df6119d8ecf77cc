/* Words of UTF-8 text, hashed: `dedup/words.py` says what they are and has the same in NumPy. */
#ifndef DEDUP_WORDS_H
#define DEDUP_WORDS_H

#include "portable.h"

enum { SEP = 1, WORD = 2, SOLO = 3, MARK = 4, ACCENT = 5 };

#define K1 0x9E3779B97F4A7C15ULL
#define LETTER 0x9DDFEA08EB382D69ULL
#define TERM 0xC6A4A7935BD1E995ULL
#define BLOCK 0xD6E8FEB86659FD93ULL

#define WORDS_UNKNOWN ((size_t)-1)  /* a character that the table does not hold yet */
#define WORDS_OVERFLOW ((size_t)-2) /* more words than there is room for */

/* What an ASCII character does. A SEP with CARE may say something (a sign, a decimal point). */
enum { IGNORED = 0, CARE = 3, OTHER = 4 };

typedef struct {
    const uint64_t *entry; /* for each code point: its place in the pool, from 1, and above bit 32 its length */
    const uint32_t *pool;  /* folded characters: 21 bits of code point, 3 of kind from bit 24, is-fact at bit 28 */
    uint64_t limit;        /* how much of the pool this call may read: the rest may be just being written */
    uint64_t value[128];   /* of each ASCII character that is part of a word */
    uint64_t power[16];    /* LETTER^7 down to LETTER^0, then zeros */
    uint64_t shift[9];     /* LETTER^0 to LETTER^8 */
    uint8_t what[256];
    uint8_t folded[128];
} Fold;

INLINE uint64_t mix64(uint64_t v) {
    v = (v ^ (v >> 33)) * 0xFF51AFD7ED558CCDULL;
    v = (v ^ (v >> 33)) * 0xC4CEB9FE1A85EC53ULL;
    return v ^ (v >> 33);
}

INLINE uint64_t letter_value(uint32_t code) {
    uint64_t v = ((uint64_t)code + 1) * K1;
    return v ^ (v >> 29);
}

#define CODE_OF(part) ((part) & 0x1FFFFF)
#define KIND_OF(part) (((part) >> 24) & 7)
#define IS_FACT(part) (((part) >> 28) & 1)

static void fold_init(Fold *fold, const uint64_t *entry, const uint32_t *pool, uint64_t limit) {
    fold->entry = entry;
    fold->pool = pool;
    fold->limit = limit;
    memset(fold->what, OTHER, sizeof fold->what);
    memset(fold->value, 0, sizeof fold->value);
    memset(fold->power, 0, sizeof fold->power);
    fold->shift[0] = 1;
    for (int i = 0; i < 8; i++) {
        fold->shift[i + 1] = fold->shift[i] * LETTER;
        fold->power[7 - i] = fold->shift[i];
    }
    for (int c = 0; c < 128; c++) {
        uint64_t length = entry[c] >> 32, at = (entry[c] & 0xFFFFFFFF) - 1;
        if (!length) {
            fold->what[c] = IGNORED;
            continue;
        }
        uint32_t part = pool[at];
        fold->folded[c] = (uint8_t)CODE_OF(part);
        fold->value[c] = letter_value(CODE_OF(part));
        fold->what[c] = KIND_OF(part) == WORD ? WORD : IS_FACT(part) || strchr(".,:/-_~!", c) ? CARE : SEP;
    }
    fold->what[0] = SEP; /* stands at the end of the string that strchr looks through */
}

typedef struct {
    uint64_t *out;
    uint64_t hash;     /* of the word that is open */
    uint64_t facts;
    uint64_t loans;    /* facts if another word has an accent too */
    size_t count;      /* words begun */
    size_t accented;   /* words with an accent that says something; the number of the last one */
    size_t accented_at;
    uint32_t before;   /* kind of the last folded character */
    uint32_t last;     /* its code */
    uint32_t pending;  /* a symbol that says something only if the right character follows */
    uint32_t left;     /* what stood before it: bit 0 a digit, bit 1 a part of a word */
} Splitter;

INLINE int is_digit(uint32_t code) { return code - '0' < 10; }

INLINE void add_fact(Splitter *s, uint32_t symbol) {
    if (symbol == 0x2212 || symbol == 0x2013) symbol = '-';
    s->facts += mix64(symbol * K1 + (uint64_t)s->count * TERM);
}

/* The character after a pending symbol is known; `code` is 0 at the end of the text. */
INLINE void resolve(Splitter *s, uint32_t code, uint32_t kind) {
    uint32_t symbol = s->pending, digit = is_digit(code), says;
    if (LIKELY(!symbol)) return;
    s->pending = 0;
    switch (symbol) {
        case '_': says = (s->left & 2) && kind != SEP; break;
        case '~': says = digit; break;
        case '!': says = code == '='; break;
        case '-': case 0x2013: says = digit && ((s->left & 1) || !(s->left & 2)); break;
        default: says = digit && (s->left & 1); break;
    }
    if (says) add_fact(s, symbol);
}

INLINE void close_word(Splitter *s) {
    if (s->before != SEP) s->out[s->count - 1] = mix64(s->hash);
}

INLINE void symbol(Splitter *s, uint32_t code, int fact) {
    if (fact) {
        add_fact(s, code);
        return;
    }
    switch (code) {
        case '.': case ',': case ':': case '/': case '-': case 0x2013: case '_': case '~': case '!':
            s->pending = code;
            s->left = (uint32_t)is_digit(s->last) | (s->before != SEP) << 1;
    }
}

enum { NOTHING_SAID = 0, LOAN_ACCENT = 1, LETTER_ACCENT = 2 };

/* What an accent makes of a letter: `accent_says` in folding.py says why. */
INLINE int accent_says(uint32_t letter, uint32_t accent) {
    if (letter < 0x370) {
        if (letter == 'i' && accent == 0x307) return NOTHING_SAID;
        return accent <= 0x302 || accent == 0x326 || (accent == 0x308 && (letter == 'e' || letter == 'i'))
                   ? LOAN_ACCENT : LETTER_ACCENT;
    }
    if (letter < 0x400 || letter >= 0x530 || (letter == 0x435 && accent == 0x308)) return NOTHING_SAID;
    return accent > 0x301 || (accent == 0x301 && (letter == 0x433 || letter == 0x43A)) ? LETTER_ACCENT : NOTHING_SAID;
}

INLINE void add_accent(Splitter *s, uint32_t accent) {
    int says = s->before == WORD ? accent_says(s->last, accent) : NOTHING_SAID;
    if (says == NOTHING_SAID) return;
    s->accented += s->count != s->accented_at;
    s->accented_at = s->count;
    *(says == LETTER_ACCENT ? &s->facts : &s->loans) += mix64(accent * K1 + (uint64_t)s->count * TERM);
}

/* One folded character, of any kind. */
static void feed(Splitter *s, uint32_t part) {
    uint32_t code = CODE_OF(part), kind = KIND_OF(part);
    if (kind == ACCENT) {
        add_accent(s, code);
        return;
    }
    resolve(s, code, kind);
    if (kind == SEP) {
        close_word(s);
        symbol(s, code, IS_FACT(part));
    } else {
        int begins = kind == SOLO || (kind == WORD && s->before != WORD) ||
                     (kind == MARK && s->before != SOLO && s->before != MARK);
        if (IS_FACT(part)) add_fact(s, code);
        if (begins) {
            close_word(s);
            s->count++;
            s->hash = 0;
        }
        s->hash = s->hash * LETTER + letter_value(code);
    }
    s->before = kind;
    s->last = code;
}

INLINE uint32_t decode_utf8(const uint8_t **at) {
    const uint8_t *p = *at;
    if (p[0] < 0xE0) {
        *at = p + 2;
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    }
    if (p[0] < 0xF0) {
        *at = p + 3;
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    }
    *at = p + 4;
    return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 | (uint32_t)(p[2] & 0x3F) << 6 |
           (p[3] & 0x3F);
}

/* Which of 64 bytes are ASCII letters and digits, a bit for each; these are WORD in every version of Unicode. */
#ifdef HAVE_SSE2
INLINE uint64_t alphanumeric(const uint8_t *p) {
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++) {
        __m128i c = _mm_loadu_si128((const __m128i *)(p + 16 * i));
        /* Signed comparisons: what is moved to the lowest values is below a limit only in one range. */
        __m128i letter = _mm_add_epi8(_mm_or_si128(c, _mm_set1_epi8(0x20)), _mm_set1_epi8((char)(-'a' - 128)));
        __m128i digit = _mm_add_epi8(c, _mm_set1_epi8((char)(-'0' - 128)));
        __m128i is = _mm_or_si128(_mm_cmplt_epi8(letter, _mm_set1_epi8(-128 + 26)),
                                  _mm_cmplt_epi8(digit, _mm_set1_epi8(-128 + 10)));
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(is) << (16 * i);
    }
    return mask;
}
#else
INLINE uint64_t alphanumeric(const uint8_t *p) {
    uint64_t mask = 0;
    for (int i = 0; i < 64; i++)
        mask |= (uint64_t)((uint8_t)((p[i] | 0x20) - 'a') < 26 || (uint8_t)(p[i] - '0') < 10) << i;
    return mask;
}
#endif

/* The polynomial of 1 to 8 letters. Without a branch for their number: those behind are multiplied by 0. */
INLINE uint64_t letters(const Fold *fold, const uint8_t *p, size_t count) {
    const uint64_t *power = fold->power + 8 - count;
    uint64_t sum = 0;
    for (int i = 0; i < 8; i++) sum += fold->value[p[i] & 127] * power[i];
    return sum;
}

/* One character that is no ASCII letter, digit or plain separator; 0, or why it cannot be. */
static size_t feed_other(const Fold *fold, Splitter *s, const uint8_t **at, const uint8_t *end, size_t room) {
    uint8_t c = **at, what = fold->what[c];
    if (what == CARE) {
        feed(s, fold->pool[(fold->entry[c] & 0xFFFFFFFF) - 1]);
        ++*at;
    } else if (what == OTHER) {
        uint64_t entry = fold->entry[decode_utf8(at)];
        uint64_t place = (entry & 0xFFFFFFFF) - 1, parts = entry >> 32;
        if (UNLIKELY(!entry || place + parts > fold->limit)) return WORDS_UNKNOWN;
        if (UNLIKELY(s->count + parts + (size_t)(end - *at) > room)) return WORDS_OVERFLOW;
        for (uint64_t i = 0; i < parts; i++) feed(s, fold->pool[place + i]);
    } else {
        ++*at;
    }
    return 0;
}

/* The hashes of the words of valid UTF-8 (surrogates allowed) into `out`; the number of words. */
static size_t words_of(const Fold *fold, const uint8_t *text, size_t length, uint64_t *out, size_t room,
                       uint64_t *facts) {
    const uint8_t *p = text, *end = text + length;
    Splitter s = {.out = out, .before = SEP};
    /* The state of the splitter, in registers; in `s` it is while another function works on it. */
    size_t count = 0;
    uint64_t hash = 0;
    uint32_t before = SEP, last = 0, pending = 0;
#define TO_SPLITTER (s.count = count, s.hash = hash, s.before = before, s.last = last, s.pending = pending)
#define FROM_SPLITTER (count = s.count, hash = s.hash, before = s.before, last = s.last, pending = s.pending)
    if (room < length) return WORDS_OVERFLOW;
    while (p < end) {
        const uint8_t *window = p, *stop = p + 64;
        uint64_t mask;
        if (LIKELY(stop <= end)) {
            mask = alphanumeric(p);
        } else {
            uint8_t rest[64] = {0};
            memcpy(rest, p, (size_t)(end - p));
            mask = alphanumeric(rest);
            stop = end;
        }
        while (p < stop) {
            uint64_t ahead = mask >> (p - window);
            uint8_t c = *p;
            if (ahead & 1) {
                size_t run = ~ahead ? trailing_zeros(~ahead) : 64;
                if (UNLIKELY(pending)) {
                    TO_SPLITTER;
                    resolve(&s, fold->folded[c], WORD);
                    FROM_SPLITTER;
                }
                if (before != WORD) {
                    if (before != SEP) out[count - 1] = mix64(hash);
                    count++;
                    hash = 0;
                    before = WORD;
                }
                last = fold->folded[p[run - 1]];
                while (run && LIKELY(p + 8 <= end)) {
                    size_t part = run < 8 ? run : 8;
                    hash = hash * fold->shift[part] + letters(fold, p, part);
                    p += part;
                    run -= part;
                }
                for (; run; run--) hash = hash * LETTER + fold->value[*p++];
            } else if (LIKELY(fold->what[c] == SEP)) {
                if (UNLIKELY(pending)) {
                    TO_SPLITTER;
                    resolve(&s, c, SEP);
                    FROM_SPLITTER;
                }
                if (before != SEP) out[count - 1] = mix64(hash);
                before = SEP;
                last = c;
                p++;
            } else {
                size_t problem;
                TO_SPLITTER;
                problem = feed_other(fold, &s, &p, end, room);
                if (UNLIKELY(problem)) return problem;
                FROM_SPLITTER;
            }
        }
    }
    TO_SPLITTER;
#undef TO_SPLITTER
#undef FROM_SPLITTER
    resolve(&s, 0, SEP);
    close_word(&s);
    *facts = s.facts + (s.accented > 1 ? s.loans : 0);
    return s.count;
}

/* The characters of valid UTF-8 that the table does not hold, into `out`; some may be there twice. */
static size_t unknown_in(const uint64_t *entry, uint64_t limit, const uint8_t *text, size_t length, uint32_t *out,
                         size_t room) {
    const uint8_t *p = text, *end = text + length;
    size_t count = 0;
    while (p < end && count < room) {
        uint32_t code;
        if (*p < 0x80) {
            p++;
            continue;
        }
        code = decode_utf8(&p);
        if ((!entry[code] || (entry[code] & 0xFFFFFFFF) - 1 + (entry[code] >> 32) > limit) &&
            (!count || out[count - 1] != code))
            out[count++] = code;
    }
    return count;
}

INLINE uint64_t same_of(const uint64_t *words, size_t count) {
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) hash = hash * BLOCK + words[i];
    return count ? mix64(hash) : 0;
}

#endif
