/* JSON Lines: where the text of a row stands, and what it says without its escapes (those of CSV too, which are doubled
 * quotation marks).
 *
 * Nothing is decided here that is not plain: a line with anything unusual in it is ROW_ODD, and Python's own parser
 * says what it is (`dedup/sources/rows.py`). */
#ifndef DEDUP_JSON_H
#define DEDUP_JSON_H

#include "portable.h"

enum { ROW_EMPTY = 0, ROW_PLAIN = 1, ROW_OTHER = 2, ROW_ODD = 3 };

#define DEEPEST 64

typedef struct {
    const uint8_t *start, *end; /* of the string, between its quotes; NULL where there is none */
    int escaped;
    int escape; /* what an escape begins with */
} JsonText;

INLINE void skip_space(const uint8_t **p, const uint8_t *end) {
    while (*p < end && (**p == ' ' || **p == '\t' || **p == '\r')) ++*p;
}

/* Behind the closing quote of the string that begins after `p`; NULL where it does not end or holds what it may not. */
static const uint8_t *skip_string(const uint8_t *p, const uint8_t *end, int *escaped) {
    *escaped = 0;
    for (;;) {
#ifdef HAVE_SSE2
        while (p + 16 <= end) {
            __m128i c = _mm_loadu_si128((const __m128i *)p);
            __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8('"')), _mm_cmpeq_epi8(c, _mm_set1_epi8('\\')));
            stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(c, _mm_set1_epi8(0x1F)), c));
            int mask = _mm_movemask_epi8(stop);
            if (mask) {
                p += trailing_zeros((uint64_t)mask);
                break;
            }
            p += 16;
        }
#endif
        while (p < end && *p != '"' && *p != '\\' && *p >= 0x20) p++;
        if (p >= end || *p < 0x20) return NULL;
        if (*p == '"') return p + 1;
        *escaped = 1;
        if (p + 1 >= end) return NULL;
        if (p[1] == 'u') {
            if (p + 6 > end) return NULL;
            for (int i = 2; i < 6; i++) {
                uint8_t c = p[i] | 0x20;
                if (!((uint8_t)(p[i] - '0') < 10 || (uint8_t)(c - 'a') < 6)) return NULL;
            }
            p += 6;
        } else {
            if (!strchr("\"\\/bfnrt", p[1]) || !p[1]) return NULL;
            p += 2;
        }
    }
}

static const uint8_t *skip_number(const uint8_t *p, const uint8_t *end) {
    const uint8_t *begin;
    if (p < end && *p == '-') p++;
    if (p >= end) return NULL;
    if (*p == '0') {
        p++;
    } else {
        begin = p;
        while (p < end && (uint8_t)(*p - '0') < 10) p++;
        if (p == begin) return NULL;
    }
    if (p < end && *p == '.') {
        begin = ++p;
        while (p < end && (uint8_t)(*p - '0') < 10) p++;
        if (p == begin) return NULL;
    }
    if (p < end && (*p | 0x20) == 'e') {
        p++;
        if (p < end && (*p == '+' || *p == '-')) p++;
        begin = p;
        while (p < end && (uint8_t)(*p - '0') < 10) p++;
        if (p == begin) return NULL;
    }
    return p;
}

static const uint8_t *skip_value(const uint8_t *p, const uint8_t *end, int depth);

/* Behind an array or object; of the outermost object the text under `key` is told. */
static const uint8_t *skip_nested(const uint8_t *p, const uint8_t *end, int depth, const uint8_t *key,
                                  size_t key_length, JsonText *text) {
    int object = *p++ == '{', escaped;
    uint8_t close = object ? '}' : ']';
    if (depth > DEEPEST) return NULL;
    skip_space(&p, end);
    if (p < end && *p == close) return p + 1;
    for (;;) {
        int wanted = 0;
        skip_space(&p, end);
        if (object) {
            if (p >= end || *p != '"') return NULL;
            const uint8_t *name = p + 1;
            if (!(p = skip_string(name, end, &escaped))) return NULL;
            if (text) {
                if (escaped) return NULL;
                wanted = (size_t)(p - 1 - name) == key_length && !memcmp(name, key, key_length);
            }
            skip_space(&p, end);
            if (p >= end || *p++ != ':') return NULL;
            skip_space(&p, end);
        }
        if (wanted) { /* the last one counts, as with Python */
            text->start = text->end = NULL;
            if (p < end && *p == '"') {
                text->start = p + 1;
                if (!(p = skip_string(p + 1, end, &text->escaped))) return NULL;
                text->end = p - 1;
            } else if (p >= end || *p != 'n' || !(p = skip_value(p, end, depth))) {
                return NULL; /* neither a string nor null: Python says what is wrong */
            }
        } else if (!(p = skip_value(p, end, depth))) {
            return NULL;
        }
        skip_space(&p, end);
        if (p >= end) return NULL;
        if (*p == close) return p + 1;
        if (*p++ != ',') return NULL;
    }
}

static const uint8_t *skip_value(const uint8_t *p, const uint8_t *end, int depth) {
    int escaped;
    if (p >= end) return NULL;
    switch (*p) {
        case '"': return skip_string(p + 1, end, &escaped);
        case '{': case '[': return skip_nested(p, end, depth + 1, NULL, 0, NULL);
        case 't': return end - p >= 4 && !memcmp(p, "true", 4) ? p + 4 : NULL;
        case 'f': return end - p >= 5 && !memcmp(p, "false", 5) ? p + 5 : NULL;
        case 'n': return end - p >= 4 && !memcmp(p, "null", 4) ? p + 4 : NULL;
        default: return skip_number(p, end);
    }
}

/* Strict UTF-8: no surrogates, nothing longer than it need be. */
static int is_utf8(const uint8_t *p, const uint8_t *end) {
    while (p < end) {
        uint64_t eight;
        while (p + 8 <= end && (memcpy(&eight, p, 8), !(eight & 0x8080808080808080ULL))) p += 8;
        while (p < end && *p < 0x80) p++;
        if (p >= end) break;
        while (p < end && *p >= 0x80) {
            uint8_t c = *p;
            int more = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
            if (c < 0xC2 || c > 0xF4 || end - p <= more) return 0;
            for (int i = 1; i <= more; i++)
                if ((p[i] & 0xC0) != 0x80) return 0;
            if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] >= 0xA0) || (c == 0xF0 && p[1] < 0x90) ||
                (c == 0xF4 && p[1] >= 0x90))
                return 0;
            p += more + 1;
        }
    }
    return 1;
}

/* Where the text of a row stands; ROW_PLAIN, ROW_EMPTY where it has none, ROW_ODD. */
static int find_text(const uint8_t *line, const uint8_t *end, const uint8_t *key, size_t key_length, JsonText *text) {
    const uint8_t *p = line;
    memset(text, 0, sizeof *text);
    text->escape = '\\';
    skip_space(&p, end);
    if (p == end) return ROW_EMPTY;
    if (*p != '{' || !is_utf8(p, end)) return ROW_ODD;
    if (!(p = skip_nested(p, end, 0, key, key_length, text))) return ROW_ODD;
    skip_space(&p, end);
    if (p != end) return ROW_ODD;
    return text->start ? ROW_PLAIN : ROW_EMPTY;
}

INLINE uint32_t hex4(const uint8_t *p) {
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) v = v << 4 | (uint32_t)(p[i] <= '9' ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10);
    return v;
}

/* The length of the escape at `p` in its string, and in UTF-8 (into `out`, up to 4 bytes); 0 for a lone surrogate. */
INLINE size_t unescape_one(const uint8_t *p, const uint8_t *end, uint8_t *out, size_t *length) {
    uint32_t code;
    size_t used = 2;
    switch (*p == '"' ? '"' : p[1]) {
        case 'b': code = '\b'; break;
        case 'f': code = '\f'; break;
        case 'n': code = '\n'; break;
        case 'r': code = '\r'; break;
        case 't': code = '\t'; break;
        case 'u':
            code = hex4(p + 2);
            used = 6;
            if (code >= 0xD800 && code < 0xE000) {
                uint32_t low;
                if (code >= 0xDC00 || end - p < 12 || p[6] != '\\' || p[7] != 'u') return 0;
                low = hex4(p + 8);
                if (low < 0xDC00 || low >= 0xE000) return 0;
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                used = 12;
            }
            break;
        default: code = p[1];
    }
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        *length = 1;
    } else if (code < 0x800) {
        out[0] = (uint8_t)(0xC0 | code >> 6);
        out[1] = (uint8_t)(0x80 | (code & 0x3F));
        *length = 2;
    } else if (code < 0x10000) {
        out[0] = (uint8_t)(0xE0 | code >> 12);
        out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (code & 0x3F));
        *length = 3;
    } else {
        out[0] = (uint8_t)(0xF0 | code >> 18);
        out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3F));
        out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
        out[3] = (uint8_t)(0x80 | (code & 0x3F));
        *length = 4;
    }
    return used;
}

/* The string without its escapes, never longer than with them; its length, or (size_t)-1 for a lone surrogate. */
static size_t unescape(const JsonText *text, uint8_t *out) {
    const uint8_t *p = text->start;
    uint8_t *begin = out;
    while (p < text->end) {
        const uint8_t *escape = memchr(p, text->escape, (size_t)(text->end - p));
        size_t run = (size_t)((escape ? escape : text->end) - p), length, used;
        memcpy(out, p, run);
        out += run;
        if (!escape) break;
        if (!(used = unescape_one(escape, text->end, out, &length))) return (size_t)-1;
        out += length;
        p = escape + used;
    }
    return (size_t)(out - begin);
}

/* Where in the string with escapes a place of the string without them is; `from` and `at` go along from call to call. */
static size_t escaped_place(const JsonText *text, size_t place, const uint8_t **from, size_t *at) {
    const uint8_t *p = *from;
    while (*at < place) {
        const uint8_t *escape = memchr(p, text->escape, place - *at);
        size_t run = escape ? (size_t)(escape - p) : place - *at;
        p += run;
        *at += run;
        if (escape && *at < place) {
            uint8_t four[4];
            size_t length = 0;
            p += unescape_one(p, text->end, four, &length);
            *at += length;
        }
    }
    *from = p;
    return (size_t)(p - text->start);
}

#endif
