/* A batch of JSON Lines, or of the cells of a column, up to the keys that find it: where each row's text stands, its paragraphs, what identifies them. */
#ifndef DEDUP_ROWS_H
#define DEDUP_ROWS_H

#include "json.h"
#include "plain.h"
#include "keys.h"

/* Offsets count from the start of the batch, those of `text` from the start of the texts without escapes. */
typedef struct {
    int64_t line, line_end;   /* with the end of the line */
    int64_t raw, raw_end;     /* the string, between its quotes */
    int64_t text, text_end;
    int64_t first_block;
    int64_t state;
} Row;

typedef struct {
    uint64_t start, shown;      /* in the texts */
    uint64_t raw, raw_length;   /* in the batch */
    uint64_t count, same, key;
    uint64_t sketched;          /* where its keys begin, and in the last 8 bits how many there are; 0 where it has none */
} Paragraph;

typedef struct {
    uint8_t *data;
    size_t used, room, item;
} Grown;

static int grow(Grown *g, size_t more) {
    size_t room = g->room ? g->room : 256;
    uint8_t *data;
    if (g->used + more <= g->room) return 1;
    while (room < g->used + more) room *= 2;
    if (!(data = realloc(g->data, room * g->item))) return 0;
    g->data = data;
    g->room = room;
    return 1;
}

#define KEYS_AT(sketched) ((size_t)((sketched) >> 8))
#define KEYS_OF(sketched) ((size_t)((sketched) & 0xFF))

typedef struct {
    KeyPlan keys;
    size_t least_words;
    int plain; /* whether the texts are plain text; else Python cuts them */
} SketchPlan;

typedef struct {
    Grown rows, blocks, keys;
    uint8_t *text;
    size_t text_size, text_room;
    uint64_t *words;
    uint32_t *shingles;
    size_t words_room;
} Batch;

enum { BATCH_OK = 0, BATCH_MEMORY = 1, BATCH_UNKNOWN = 2 };

static void batch_free(Batch *b) {
    free(b->rows.data);
    free(b->blocks.data);
    free(b->keys.data);
    free(b->text);
    free(b->words);
    free(b->shingles);
}

/* What identifies a paragraph. */
static int batch_fingerprint(Batch *b, const Fold *fold, const SketchPlan *plan, Paragraph *block) {
    const uint8_t *text = b->text + block->start;
    size_t length = (size_t)(block->shown - block->start), room = length + length / 2 + 64, count;
    uint64_t facts = 0;
    for (;;) {
        if (room > b->words_room) {
            free(b->words);
            free(b->shingles);
            b->words = malloc(room * sizeof *b->words);
            b->shingles = malloc(room * sizeof *b->shingles);
            b->words_room = b->words && b->shingles ? room : 0;
            if (!b->words_room) return BATCH_MEMORY;
        }
        count = words_of(fold, text, length, b->words, b->words_room, &facts);
        if (count == WORDS_UNKNOWN) return BATCH_UNKNOWN;
        if (count != WORDS_OVERFLOW) break;
        room = b->words_room + 6 * length + 64;
    }
    block->count = count;
    block->same = same_of(b->words, count);
    block->key = block->same + facts * K1;
    block->sketched = 0;
    if (plan->keys.bands && count && count >= plan->least_words) {
        size_t keys;
        if (!grow(&b->keys, MOST_KEYS)) return BATCH_MEMORY;
        keys = keys_of(&plan->keys, b->words, count, b->shingles, (uint64_t *)b->keys.data + b->keys.used);
        block->sketched = (uint64_t)b->keys.used << 8 | keys;
        b->keys.used += keys;
    }
    return BATCH_OK;
}

static int batch_row(Batch *b, const Fold *fold, const SketchPlan *plan, const uint8_t *data, Row *row,
                     const JsonText *text) {
    Piece pieces[MOST_LINES];
    size_t length = (size_t)(text->end - text->start), count, at = 0;
    const uint8_t *from = text->start;
    uint8_t *out = b->text + b->text_size;
    row->raw = text->start - data;
    row->raw_end = text->end - data;
    row->text = row->text_end = (int64_t)b->text_size;
    if (text->escaped) {
        length = unescape(text, out);
        if (length == (size_t)-1) {
            row->state = ROW_ODD;
            return BATCH_OK;
        }
    } else {
        memcpy(out, text->start, length);
    }
    b->text_size += length;
    row->text_end = (int64_t)b->text_size;
    if (!plan->plain || has_mark(out, length)) {
        row->state = ROW_OTHER;
        return BATCH_OK;
    }
    count = cut_plain(fold, out, length, text->escaped || text->escape != '\\', pieces, MOST_LINES);
    if (count == NOT_KNOWN) return BATCH_UNKNOWN;
    if (count == NOT_PLAIN) {
        row->state = ROW_OTHER;
        return BATCH_OK;
    }
    if (!grow(&b->blocks, count)) return BATCH_MEMORY;
    for (size_t i = 0; i < count; i++) {
        Paragraph *block = (Paragraph *)b->blocks.data + b->blocks.used++;
        size_t raw = pieces[i].start, raw_end = pieces[i].end;
        int problem;
        if (text->escaped) {
            raw = escaped_place(text, raw, &from, &at);
            raw_end = escaped_place(text, raw_end, &from, &at);
        }
        block->start = (uint64_t)row->text + pieces[i].start;
        block->shown = (uint64_t)row->text + pieces[i].shown;
        block->raw = (uint64_t)row->raw + raw;
        block->raw_length = raw_end - raw;
        if ((problem = batch_fingerprint(b, fold, plan, block))) return problem;
    }
    return BATCH_OK;
}

/* Room for all the texts of a batch, which are never longer than the batch; 0 without memory. */
static int batch_room(Batch *b, size_t size) {
    if (size + 1 <= b->text_room) return 1;
    free(b->text);
    b->text_room = size + 1;
    b->text = malloc(b->text_room);
    return b->text != NULL;
}

/* The next row of a batch, all its places 0; NULL without memory. */
static Row *batch_add(Batch *b) {
    Row *row;
    if (!grow(&b->rows, 1)) return NULL;
    row = (Row *)b->rows.data + b->rows.used++;
    memset(row, 0, sizeof *row);
    row->text = row->text_end = (int64_t)b->text_size;
    row->first_block = (int64_t)b->blocks.used;
    return row;
}

/* Reads the text of a row that has one; `unknown` is set where the batch must come again, once all its characters are
 * known. */
static int batch_text(Batch *b, const Fold *fold, const SketchPlan *plan, const uint8_t *data, Row *row,
                      const JsonText *text, int *unknown) {
    int problem = batch_row(b, fold, plan, data, row, text);
    if (problem == BATCH_UNKNOWN) *unknown = 1;
    else if (problem) return problem;
    if (row->state != ROW_PLAIN) b->blocks.used = (size_t)row->first_block;
    return BATCH_OK;
}

static int batch_read(Batch *b, const Fold *fold, const SketchPlan *plan, const uint8_t *data, size_t size,
                      const uint8_t *key, size_t key_length) {
    const uint8_t *p = data, *end = data + size;
    int unknown = 0;
    if (!batch_room(b, size)) return BATCH_MEMORY;
    while (p < end) {
        const uint8_t *stop = memchr(p, '\n', (size_t)(end - p));
        JsonText text;
        Row *row = batch_add(b);
        if (!row) return BATCH_MEMORY;
        if (!stop) stop = end;
        row->line = p - data;
        row->line_end = (stop < end ? stop + 1 : end) - data;
        row->state = find_text(p, stop, key, key_length, &text);
        if (row->state == ROW_PLAIN && batch_text(b, fold, plan, data, row, &text, &unknown)) return BATCH_MEMORY;
        p = stop < end ? stop + 1 : end;
    }
    return unknown ? BATCH_UNKNOWN : BATCH_OK;
}

/* The same of cells that are given by their places, `line`, `line_end`, `raw` and `raw_end` of each row; of one without
 * a text `raw` is -1. In `quoted` ones a quotation mark stands twice. */
static int batch_cells(Batch *b, const Fold *fold, const SketchPlan *plan, const uint8_t *data, size_t size,
                       const int64_t *places, size_t count, int quoted) {
    int unknown = 0;
    if (!batch_room(b, size)) return BATCH_MEMORY;
    for (size_t i = 0; i < count; i++, places += 4) {
        Row *row = batch_add(b);
        JsonText text = {.escape = '"'};
        if (!row) return BATCH_MEMORY;
        row->line = places[0];
        row->line_end = places[1];
        row->state = places[2] < 0 ? ROW_EMPTY : ROW_PLAIN;
        if (places[2] < 0) continue;
        text.start = data + places[2];
        text.end = data + places[3];
        text.escaped = quoted && memchr(text.start, '"', (size_t)(text.end - text.start));
        row->raw = places[2];
        row->raw_end = places[3];
        if (!is_utf8(text.start, text.end)) row->state = ROW_ODD;
        else if (batch_text(b, fold, plan, data, row, &text, &unknown)) return BATCH_MEMORY;
    }
    return unknown ? BATCH_UNKNOWN : BATCH_OK;
}

#endif
