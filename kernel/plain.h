/* Plain text into paragraphs where that is plain: `dedup/blocks/text.py` says what a block is.
 *
 * A text with anything else in it than paragraphs (a list, a bold line, what may be a headline), or whose bytes are
 * not what is shown (white space at the end of a line), is left to Python. */
#ifndef DEDUP_PLAIN_H
#define DEDUP_PLAIN_H

#include "portable.h"
#include "words.h"

#define NOT_PLAIN ((size_t)-1)
#define NOT_KNOWN ((size_t)-2) /* a character that the table does not hold yet */

enum { LINE_OTHER = 0, LINE_PLAIN = 1, LINE_UNKNOWN = 2 };

enum { HEADLINE_LENGTH = 80, HEADLINE_WORDS = 12, WRAP_WIDTH = 100 };

typedef struct {
    size_t start, end; /* whole lines */
    size_t shown;      /* where what is shown ends */
} Piece;

typedef struct {
    const uint8_t *start, *end; /* without the end of the line */
    size_t length;              /* characters; this and what follows as `count_line` finds it */
    size_t words;
    size_t word;                /* characters of the first word */
    int ended;                  /* ends as a sentence does */
} Line;

INLINE int is_space(uint32_t c) {
    return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x1F) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

INLINE uint32_t last_character(const uint8_t *start, const uint8_t **end) {
    const uint8_t *p = *end - 1;
    while (p > start && (*p & 0xC0) == 0x80) p--;
    *end = p;
    return *p < 0x80 ? *p : decode_utf8(&p);
}

INLINE int ends_sentence(uint32_t c) {
    switch (c) {
        case '.': case '!': case '?': case ';': case ':': case ',': case 0x3002: case 0xFF01: case 0xFF1F:
        case 0xFF1B: case 0xFF1A: case 0xFF0C: case 0x2026: case 0x0964: case 0x061F: case 0x3001: case 0xFF0E:
        case 0xFF61: case 0x0965: case 0x060C: case 0x061B: case 0x06D4: case 0x0589: case 0x1362: case 0x1367:
        case 0x104A: case 0x104B: case 0x17D4: case 0x17D5: case 0x0F0D: return 1;
    }
    return 0;
}

INLINE int closes(uint32_t c) {
    return c == '"' || c == '\'' || c == 0x201D || c == 0x2019 || c == 0xBB || c == ')' || c == ']' || c == 0x300D ||
           c == 0x300F || c == 0xFF09 || c == 0x3011 || c == 0x300B;
}

static void count_line(Line *line) {
    int space = 1;
    line->length = line->words = line->word = 0;
    for (const uint8_t *at = line->start; at < line->end; line->length++) {
        int is = is_space(*at < 0x80 ? *at++ : decode_utf8(&at));
        if (!is && space) line->words++;
        if (!is && line->words == 1) line->word++;
        space = is;
    }
}

/* Whether a line may be a headline, if it is the first of its group. */
static int may_be_headline(Line *line, const uint8_t *p) {
    const uint8_t *end = line->end;
    /* The longest has this many bytes. */
    if ((size_t)(end - p) > HEADLINE_LENGTH * 4) return 0;
    count_line(line);
    if (line->length > HEADLINE_LENGTH + (size_t)(p - line->start) || line->words > HEADLINE_WORDS) return 0;
    while (p < end && (*p == '"' || *p == '\'' || *p == '(' || *p == '[')) p++;
    return p < end && (*p >= 0x80 || is_digit(*p) || (*p >= 'A' && *p <= 'Z'));
}

/* What a line is, LINE_PLAIN or another; fills how it ends. `first` in its group: it may be a headline. */
static int measure(const Fold *fold, Line *line, int first) {
    const uint8_t *p = line->start, *end = line->end;
    uint32_t c, last;
    int sentence;
    if (end[-1] >= 0x80 || end[-1] <= ' ') { /* white space at the end is not shown */
        const uint8_t *before = end;
        if (is_space(last_character(p, &before))) return 0;
    }
    while (p < end && (*p == ' ' || *p == '\t')) p++;
    c = *p;
    if (c >= 0x80) {
        const uint8_t *next = p;
        uint64_t entry;
        c = decode_utf8(&next);
        entry = fold->entry[c];
        if (is_space(c) || c == 0x2022) return 0;
        if (!entry || (entry & 0xFFFFFFFF) - 1 + (entry >> 32) > fold->limit) return LINE_UNKNOWN;
        if (entry >> 32 && is_digit(CODE_OF(fold->pool[(entry & 0xFFFFFFFF) - 1]))) return 0;
    } else if (c == '*' || c == '_') {
        return 0;
    } else if (c == '-' || c == '+') {
        if (p + 1 < end && (p[1] == ' ' || p[1] == '\t')) return 0;
    } else if (is_digit(c)) {
        const uint8_t *next = p;
        while (next < end && next < p + 4 && is_digit(*next)) next++;
        if (next + 1 < end && (*next == '.' || *next == ')') && (next[1] == ' ' || next[1] == '\t')) return 0;
        if (next < end && *next >= 0x80) return 0; /* a digit of another script may follow */
    }
    for (const uint8_t *at = end;;) { /* closing marks, and before them the end of a sentence */
        last = last_character(line->start, &at);
        if (at == end - 1 && (last == '*' || last == '_')) return 0;
        if (!closes(last) || at == line->start) break;
    }
    sentence = ends_sentence(last);
    line->ended = sentence && end[-1] != ',' && end[-1] != ';';
    return sentence || !first || !may_be_headline(line, p);
}

/* Whether a text may hold a comment for us, which is for Python to read (`dedup/blocks/directives.py`). */
static int has_mark(const uint8_t *text, size_t length) {
    const uint8_t *end = text + length;
    for (const uint8_t *p = text; p < end && (p = memchr(p, ':', (size_t)(end - p))); p++)
        if (p - text >= 5 && !memcmp(p - 5, "dedup", 5)) return 1;
    return 0;
}

/* Whether a text has control characters other than line feeds and tabs. */
static int has_controls(const uint8_t *p, const uint8_t *end) {
    int found = 0;
    for (; p < end; p++) found |= *p < ' ' && *p != '\n' && *p != '\t';
    return found;
}

INLINE int is_full(const Line *line, const Line *next, size_t width) {
    return (double)(line->length + 1 + next->word) > (double)width * 0.85;
}

static int is_wrapped(Line *lines, size_t count) {
    size_t width = 0, broken = 0, ended = 0, breaks = count - 1;
    for (size_t i = 0; i < count; i++) count_line(lines + i);
    for (size_t i = 0; i < count; i++) width = lines[i].length > width ? lines[i].length : width;
    for (size_t i = 0; i < breaks; i++) {
        broken += (size_t)is_full(lines + i, lines + i + 1, width);
        ended += (size_t)lines[i].ended;
    }
    return (double)broken >= 0.75 * (double)breaks &&
           (double)ended <= (width <= WRAP_WIDTH ? 0.5 * (double)breaks : 0.0);
}

#define MOST_LINES 256

/* The paragraphs of a text, at most `room`; NOT_PLAIN where Python must cut it. It has no control characters but, maybe,
 * where it was `escaped`, or is no JSON. */
static size_t cut_plain(const Fold *fold, const uint8_t *text, size_t length, int escaped, Piece *out, size_t room) {
    const uint8_t *p = text, *end = text + length;
    Line group[MOST_LINES];
    size_t count = 0, in_group = 0;
    int what;
    if (escaped && has_controls(text, end)) return NOT_PLAIN;
    while (p < end || in_group) {
        const uint8_t *stop = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL, *visible;
        if (!stop) stop = end;
        visible = p;
        while (visible < stop && (*visible == ' ' || *visible == '\t')) visible++;
        if (visible < stop) {
            if (in_group == MOST_LINES) return NOT_PLAIN;
            group[in_group] = (Line){.start = p, .end = stop};
            what = measure(fold, group + in_group, in_group == 0);
            if (what != LINE_PLAIN) return what == LINE_UNKNOWN ? NOT_KNOWN : NOT_PLAIN;
            in_group++;
        } else if (in_group) {
            size_t pieces = in_group > 1 && is_wrapped(group, in_group) ? 1 : in_group, lines = in_group / pieces;
            if (count + pieces > room) return NOT_PLAIN;
            for (size_t i = 0; i < pieces; i++) {
                const uint8_t *shown = group[i * lines + lines - 1].end;
                out[count++] = (Piece){(size_t)(group[i * lines].start - text),
                                       (size_t)(shown - text) + (shown < end), (size_t)(shown - text)};
            }
            in_group = 0;
        }
        p = stop < end ? stop + 1 : end;
    }
    return count;
}

#endif
