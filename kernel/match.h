/* Rows of plain paragraphs against what was kept, one after the other, as far as nothing needs a judgement.
 *
 * What `dedup/decide` would say is known beforehand of a row in which no paragraph repeats anything (it is kept), and
 * under near = "remove" of a row that is one paragraph (it goes for the most similar kept one, the earliest of these).
 * At any other row the loop stops, and Python decides. */
#ifndef DEDUP_MATCH_H
#define DEDUP_MATCH_H

#include "kept.h"

typedef struct {
    int near;       /* whether near-duplicates are looked for */
    int remove;     /* whether every one of them goes */
    int across, within;
    int remember;
    double threshold;
    size_t least_words, shingle;
    uint32_t page, subject, document, line, source;
    uint64_t origin; /* of the batch in its file; OF_ROW: places are told as of their own row */
} MatchPlan;

#define OF_ROW UINT64_MAX

enum { RULE_VERBATIM = 0, RULE_EXACT = 1, RULE_NEAR = 2 };

typedef struct {
    int64_t row, block, twin, rule;
    double similarity;
} Match;

typedef struct {
    const uint8_t *text;
    const Row *rows;
    const Paragraph *blocks;
    const uint64_t *keys;
    size_t row_count, block_count;
} MatchInput;

enum { MATCH_NONE = 0, MATCH_FOUND = 1, MATCH_ASK = 2, MATCH_FAILED = 3 };

/* A text's words as code points, each word followed by a 0; NULL without memory. */
static uint32_t *spelled(const Fold *fold, const uint8_t *text, size_t length, size_t *count) {
    const uint8_t *p = text, *end = text + length;
    uint32_t *out = malloc((length * 8 + 2) * sizeof *out), before = SEP;
    *count = 0;
    while (out && p < end) {
        uint64_t entry = fold->entry[*p < 0x80 ? *p++ : decode_utf8(&p)], at = (entry & 0xFFFFFFFF) - 1;
        for (uint64_t i = 0; i < entry >> 32; i++) {
            uint32_t part = fold->pool[at + i], kind = KIND_OF(part);
            int begins = kind == SOLO || (kind == WORD && before != WORD) ||
                         (kind == MARK && before != SOLO && before != MARK);
            if (kind == ACCENT) continue;
            if (before != SEP && (begins || kind == SEP)) out[(*count)++] = 0;
            if (kind != SEP) out[(*count)++] = CODE_OF(part);
            before = kind;
        }
    }
    if (out && before != SEP) out[(*count)++] = 0;
    return out;
}

/* Whether two texts have the same words: the hash found the pair, the words decide. -1 without memory. */
static int same_words(const Fold *fold, const uint8_t *one, size_t n, const uint8_t *other, size_t m) {
    size_t one_count, other_count;
    uint32_t *a, *b;
    int same;
    if (n == m && !memcmp(one, other, n)) return 1;
    a = spelled(fold, one, n, &one_count);
    b = spelled(fold, other, m, &other_count);
    same = !a || !b ? -1 : one_count == other_count && !memcmp(a, b, one_count * sizeof *a);
    free(a);
    free(b);
    return same;
}

/* What a whole row of one paragraph repeats, where every near-duplicate goes. */
static int match_single(Memory *m, const Fold *fold, const MatchInput *in, const Paragraph *block, Match *match) {
    const uint8_t *ours = in->text + block->start;
    size_t length = (size_t)(block->shown - block->start);
    uint32_t equal = find_equal(m, 0, block->key, block->same);
    match->similarity = 1.0;
    for (int which = 0; which < 2; which++) {
        uint32_t twin = which ? map_find(m, BY_WORDS, block->same) : equal;
        const Kept *row;
        const uint8_t *text;
        int same;
        if (twin == NOTHING) continue;
        row = kept(m, twin);
        if (!which && row->detail) return MATCH_ASK; /* not all that is shown may be the same bytes */
        if (!(text = text_of(m, row))) return MATCH_FAILED;
        same = same_words(fold, ours, length, text, row->text_length);
        if (same < 0) return MATCH_FAILED;
        if (!same) continue;
        match->twin = twin;
        match->rule = !which && length == row->text_length && !memcmp(ours, text, length) ? RULE_VERBATIM : RULE_EXACT;
        return MATCH_FOUND;
    }
    return MATCH_NONE;
}

/* The keys of a paragraph that has some. */
INLINE const uint64_t *keys_at(const MatchInput *in, const Paragraph *block) {
    return in->keys + KEYS_AT(block->sketched);
}

INLINE int measure_block(Memory *m, const Fold *fold, const MatchPlan *plan, const MatchInput *in,
                         const Paragraph *block, Measured *out) {
    return measure_text(m, fold, plan->shingle, in->text + block->start, (size_t)(block->shown - block->start), out);
}

/* The most similar kept block. */
static int match_near(Memory *m, const Fold *fold, const MatchPlan *plan, const MatchInput *in,
                      const Paragraph *block, Match *match) {
    size_t candidates = bands_find(m, keys_at(in, block), KEYS_OF(block->sketched));
    double best = 0;
    if (candidates == (size_t)-1) return MATCH_FAILED;
    if (!candidates) return MATCH_NONE;
    if (!measure_block(m, fold, plan, in, block, &m->ours)) return MATCH_FAILED;
    for (size_t i = 0; i < candidates; i++) {
        double similarity = similarity_to(m, fold, plan->shingle, m->found[i], plan->threshold);
        if (similarity < 0) return MATCH_FAILED;
        if (similarity > best) {
            best = similarity;
            match->twin = m->found[i];
        }
        if (best > 0 && !plan->remove) break;
    }
    match->rule = RULE_NEAR;
    match->similarity = best;
    return best > 0 ? MATCH_FOUND : MATCH_NONE;
}

static int share_key(const MatchInput *in, const Paragraph *one, const Paragraph *other) {
    const uint64_t *a = keys_at(in, one), *b = keys_at(in, other);
    for (size_t i = 0; i < KEYS_OF(one->sketched); i++)
        for (size_t j = 0; j < KEYS_OF(other->sketched); j++)
            if (!((a[i] ^ b[j]) & ~NEED)) return 1;
    return 0;
}

/* Whether two paragraphs of a row repeat each other; -1: something is wrong. */
static int repeats_within(Memory *m, const Fold *fold, const MatchPlan *plan, const MatchInput *in,
                          const Paragraph *blocks, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (!blocks[i].count) continue;
            if (blocks[i].same == blocks[j].same) return 1;
            if (!plan->near || !blocks[i].sketched || !blocks[j].sketched || !share_key(in, blocks + i, blocks + j))
                continue;
            if (!measure_block(m, fold, plan, in, blocks + i, &m->ours) ||
                !measure_block(m, fold, plan, in, blocks + j, &m->theirs))
                return -1;
            if (near_enough(&m->ours, &m->theirs, plan->threshold) > 0) return 1;
        }
    }
    return 0;
}

#define MOST_TOGETHER 64 /* paragraphs of a row that are compared each with each */

/* One row. `natural` counts the short paragraphs that stay though they repeat. */
static int match_row(Memory *m, const Fold *fold, const MatchPlan *plan, const MatchInput *in, size_t number,
                     Match *match, uint64_t *natural) {
    const Row *row = in->rows + number;
    const Paragraph *blocks = in->blocks + row->first_block;
    size_t count = (number + 1 < in->row_count ? (size_t)row[1].first_block : in->block_count) - (size_t)row->first_block;
    uint64_t shorts = 0;
    if (plan->within && count > 1) {
        int repeats = count > MOST_TOGETHER ? 1 : repeats_within(m, fold, plan, in, blocks, count);
        if (repeats) return repeats < 0 ? MATCH_FAILED : MATCH_ASK;
    }
    for (size_t i = 0; i < count && plan->across; i++) {
        const Paragraph *block = blocks + i;
        int found = MATCH_NONE;
        if (!block->count) continue;
        if (block->count < plan->least_words) {
            shorts += find_equal(m, 0, block->key, block->same) != NOTHING;
            continue;
        }
        if (map_find(m, BY_WORDS, block->same) != NOTHING) {
            if (count > 1 || !plan->remove) return MATCH_ASK;
            found = match_single(m, fold, in, block, match);
        } else if (map_find(m, HEADLINE_BY_WORDS, block->same) != NOTHING) {
            return MATCH_ASK; /* a sentence that stood without its full stop */
        }
        if (found == MATCH_NONE && plan->near && block->sketched) {
            found = match_near(m, fold, plan, in, block, match);
            if (found == MATCH_FOUND && (count > 1 || !plan->remove)) return MATCH_ASK;
        }
        if (found == MATCH_FOUND) {
            match->row = (int64_t)number;
            match->block = block - in->blocks;
        }
        if (found != MATCH_NONE) return found;
    }
    *natural += shorts;
    if (!plan->remember) return MATCH_NONE;
    for (size_t i = 0; i < count; i++) {
        const Paragraph *block = blocks + i;
        Kept row_kept = {
            .same = block->same, .key = block->key, 
            .start = plan->origin == OF_ROW ? block->raw - (uint64_t)row->line : plan->origin + block->raw, .kind = KIND_PARAGRAPH,
            .length = (uint32_t)block->raw_length, .document = plan->document + (uint32_t)number,
            .page = plan->page, .position = (uint32_t)i, .line = plan->line + (uint32_t)number,
            .count = (uint32_t)block->count, .subject = plan->subject,
        };
        /* What stands in the file as it is shown can be read there again. */
        if (plan->source && row->raw_end - row->raw == row->text_end - row->text &&
            m->store.size + block->shown - block->start > m->store.most) {
            row_kept.source = (uint16_t)plan->source;
            row_kept.text = row_kept.start;
        }
        if (remember(m, row_kept, in->text + block->start, (size_t)(block->shown - block->start),
                     block->sketched ? keys_at(in, block) : NULL, KEYS_OF(block->sketched)) < 0)
            return MATCH_FAILED;
    }
    return MATCH_NONE;
}

#endif
