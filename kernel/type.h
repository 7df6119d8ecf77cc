/* `dedup._kernel.Memory`: the kept blocks as a Python type. */
#ifndef DEDUP_TYPE_H
#define DEDUP_TYPE_H

#include "match.h"

typedef struct {
    PyObject_HEAD
    Memory m;
} MemoryObject;

#define SELF (&((MemoryObject *)self)->m)

static PyObject *memory_new(PyTypeObject *type, PyObject *args, PyObject *kw) {
    unsigned long long crowd, most_text;
    int file;
    MemoryObject *self;
    (void)kw;
    if (!PyArg_ParseTuple(args, "KKi", &crowd, &most_text, &file)) return NULL;
    self = (MemoryObject *)type->tp_alloc(type, 0);
    if (!self) return NULL;
    self->m.crowd = crowd;
    self->m.arena.file = file;
    self->m.store.most = most_text;
    self->m.store.file = -1;
    self->m.details.item = sizeof(Detail);
    self->m.bands = calloc(BAND_TABLES, sizeof *self->m.bands);
    if (!self->m.bands) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void memory_dealloc(PyObject *self) {
    Memory *m = SELF;
    for (size_t i = 0; i < m->chunks; i++)
        if (m->chunk[i]) arena_free(&m->arena, m->chunk[i], CHUNK * sizeof(Kept));
    free(m->chunk);
    for (int i = 0; i < MAPS; i++)
        if (m->map[i].slot) arena_free(&m->arena, m->map[i].slot, m->map[i].size * sizeof(uint64_t));
    for (int i = 0; m->bands && i < BAND_TABLES; i++)
        if (m->bands[i].data) arena_free(&m->arena, m->bands[i].data, m->bands[i].size * BUCKET_BYTES);
    free(m->bands);
    free(m->sources);
    free(m->details.data);
    free(m->found);
    free(m->words);
    free(m->ours.shingles);
    free(m->theirs.shingles);
    free(m->spare);
    store_free(&m->store);
    Py_TYPE(self)->tp_free(self);
}

/* Whether there is such a row, as far as its chunk tells. */
static int is_here(const Memory *m, size_t row) { return row < m->rows && row / CHUNK < m->chunks && m->chunk[row / CHUNK]; }

static PyObject *memory_failed(void) {
    return errno ? PyErr_SetFromErrno(PyExc_OSError) : PyErr_NoMemory();
}

PyDoc_STRVAR(reserve_doc,
             "reserve(bytes, file) -> bool\n\nMoves texts to the file so that so many more bytes find room in memory; False\n"
             "where it needs a file (a descriptor; -1 for none). OSError where the file cannot be written.");

static PyObject *memory_reserve(PyObject *self, PyObject *args) {
    unsigned long long size;
    int file, problem;
    if (!PyArg_ParseTuple(args, "Ki", &size, &file)) return NULL;
    if (file >= 0) SELF->store.file = file;
    errno = 0;
    Py_BEGIN_ALLOW_THREADS
    problem = store_reserve(&SELF->store, size);
    Py_END_ALLOW_THREADS
    if (problem == STORE_NEEDS_FILE) Py_RETURN_FALSE;
    if (problem == STORE_DISK && !errno) errno = ENOSPC;
    if (problem) return memory_failed();
    Py_RETURN_TRUE;
}

PyDoc_STRVAR(add_doc,
             "add(document, page, position, start, length, line, kind, count, same, key, links, digest, subject, text,\n"
             "    keys) -> bool\n\n"
             "Remembers a block as the next row; whether it is the first of its words.");

static PyObject *memory_add(PyObject *self, PyObject *args) {
    unsigned long long document, page, position, start, length, line, kind, count, same, key, links, digest, subject;
    Py_buffer text, keys = {0};
    PyObject *bands;
    int first;
    if (!PyArg_ParseTuple(args, "KKKKKKKKKKKKKy*O", &document, &page, &position, &start, &length, &line, &kind, &count,
                          &same, &key, &links, &digest, &subject, &text, &bands))
        return NULL;
    if (bands != Py_None && PyObject_GetBuffer(bands, &keys, PyBUF_SIMPLE)) {
        PyBuffer_Release(&text);
        return NULL;
    }
    if (keys.obj && LENGTH(keys, uint64_t) > MOST_KEYS) {
        PyBuffer_Release(&text);
        PyBuffer_Release(&keys);
        PyErr_SetString(PyExc_ValueError, "too many keys");
        return NULL;
    }
    Kept block = {
        .same = same, .key = key, .start = start, .length = (uint32_t)length,
        .document = (uint32_t)document, .page = (uint32_t)page, .position = (uint32_t)position,
        .line = (uint32_t)line, .count = (uint32_t)count, .subject = (uint32_t)subject, .kind = (uint16_t)kind,
    };
    errno = 0;
    first = -1;
    if (grow(&SELF->details, 1)) {
        ((Detail *)SELF->details.data)[SELF->details.used++] = (Detail){links, digest};
        block.detail = (uint32_t)SELF->details.used;
        first = remember(SELF, block, text.buf, (size_t)text.len, keys.buf, keys.obj ? LENGTH(keys, uint64_t) : 0);
    }
    PyBuffer_Release(&text);
    if (keys.obj) PyBuffer_Release(&keys);
    return first < 0 ? memory_failed() : PyBool_FromLong(first);
}

PyDoc_STRVAR(begin_doc, "begin(base)\n\nLets the own rows begin at `base`; those before are for `place`.");

static PyObject *memory_begin(PyObject *self, PyObject *number) {
    size_t base = PyLong_AsSize_t(number);
    if (PyErr_Occurred()) return NULL;
    if (SELF->rows || base >= NOTHING - 1) {
        PyErr_SetString(PyExc_ValueError, SELF->rows ? "there are rows already" : "too many rows");
        return NULL;
    }
    SELF->rows = SELF->base = base;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(place_doc,
             "place(row, document, page, position, start, length, line, kind, count, same, key, links, digest, subject,\n"
             "    text)\n\n"
             "Puts a row of an index at its number, where nothing finds it yet. Links and digest of 0 are none.");

static PyObject *memory_place(PyObject *self, PyObject *args) {
    unsigned long long row, document, page, position, start, length, line, kind, count, same, key, links, digest, subject;
    Py_buffer text;
    int done = 0;
    if (!PyArg_ParseTuple(args, "KKKKKKKKKKKKKKy*", &row, &document, &page, &position, &start, &length, &line, &kind,
                          &count, &same, &key, &links, &digest, &subject, &text))
        return NULL;
    if (row >= SELF->base) {
        PyBuffer_Release(&text);
        PyErr_SetString(PyExc_IndexError, "no row of an index");
        return NULL;
    }
    Kept block = {
        .same = same, .key = key, .start = start, .length = (uint32_t)length,
        .document = (uint32_t)document, .page = (uint32_t)page, .position = (uint32_t)position,
        .line = (uint32_t)line, .count = (uint32_t)count, .subject = (uint32_t)subject, .kind = (uint16_t)kind,
    };
    errno = 0;
    if (!(links || digest) || grow(&SELF->details, 1)) {
        if (links || digest) {
            ((Detail *)SELF->details.data)[SELF->details.used++] = (Detail){links, digest};
            block.detail = (uint32_t)SELF->details.used;
        }
        done = put_kept(SELF, (size_t)row, block, text.buf, (size_t)text.len);
    }
    PyBuffer_Release(&text);
    if (!done) return memory_failed();
    Py_RETURN_NONE;
}

PyDoc_STRVAR(band_doc,
             "band(keys, rows)\n\n"
             "Remembers rows (uint32) under band keys of 36 bits (uint64), pair by pair, as far as they are not there\n"
             "and no key is crowded.");

static PyObject *memory_band(PyObject *self, PyObject *args) {
    Py_buffer b[2];
    int done = 1;
    if (!PyArg_ParseTuple(args, "y*y*", b, b + 1)) return NULL;
    if (LENGTH(b[0], uint64_t) != LENGTH(b[1], uint32_t)) {
        release(b, 2);
        PyErr_SetString(PyExc_ValueError, "a row for each key");
        return NULL;
    }
    errno = 0;
    for (size_t i = 0; done && i < LENGTH(b[0], uint64_t); i++) done = band_place(SELF, U64(b[0])[i] << 28, U32(b[1])[i]);
    release(b, 2);
    if (!done) return memory_failed();
    Py_RETURN_NONE;
}

PyDoc_STRVAR(find_doc, "find(headline, same, key) -> int\n\nThe first row with the words `same`, and the same key unless that is None; -1.");

static PyObject *memory_find(PyObject *self, PyObject *args) {
    int headline;
    unsigned long long same;
    PyObject *key;
    uint32_t row;
    if (!PyArg_ParseTuple(args, "pKO", &headline, &same, &key)) return NULL;
    if (key == Py_None) {
        row = map_find(SELF, headline ? HEADLINE_BY_WORDS : BY_WORDS, same);
    } else {
        unsigned long long value = PyLong_AsUnsignedLongLong(key);
        if (PyErr_Occurred()) return NULL;
        row = find_equal(SELF, headline, value, same);
    }
    return PyLong_FromLongLong(row == NOTHING ? -1 : (long long)row);
}

static Kept *memory_row_of(PyObject *self, PyObject *number) {
    size_t row = PyLong_AsSize_t(number);
    if (PyErr_Occurred()) return NULL;
    if (!is_here(SELF, row)) {
        PyErr_SetString(PyExc_IndexError, "no such row");
        return NULL;
    }
    return kept(SELF, row);
}

PyDoc_STRVAR(register_doc,
             "register(row) -> bool\n\n"
             "Makes a row that was placed one that is found, as `add` does; whether it is the first of its words.");

static PyObject *memory_register(PyObject *self, PyObject *number) {
    Kept *k = memory_row_of(self, number);
    int first;
    if (!k) return NULL;
    errno = 0;
    first = find_by(SELF, PyLong_AsSize_t(number));
    return first < 0 ? memory_failed() : PyBool_FromLong(first);
}

PyDoc_STRVAR(row_doc, "row(number) -> tuple\n\nThe values of `add` up to `subject`.");

static PyObject *memory_row(PyObject *self, PyObject *number) {
    Kept *k = memory_row_of(self, number);
    Detail none = {0, 0}, *detail = &none;
    if (!k) return NULL;
    if (k->detail) detail = (Detail *)SELF->details.data + k->detail - 1;
    return Py_BuildValue("(IIIKIIIIKKKKI)", k->document, k->page, k->position, (unsigned long long)k->start, k->length,
                         k->line, (unsigned)k->kind, k->count, (unsigned long long)k->same, (unsigned long long)k->key,
                         (unsigned long long)detail->links, (unsigned long long)detail->digest, k->subject);
}

PyDoc_STRVAR(text_doc, "text(number) -> bytes\n\nThe text of a row.");

static PyObject *memory_text(PyObject *self, PyObject *number) {
    Kept *k = memory_row_of(self, number);
    const uint8_t *text;
    if (!k) return NULL;
    errno = 0;
    text = text_of(SELF, k);
    return text ? PyBytes_FromStringAndSize((const char *)text, k->text_length) : memory_failed();
}

PyDoc_STRVAR(near_doc,
             "near(keys, text, k, threshold, entry, pool, limit) -> list[tuple[int, float]]\n\n"
             "The rows that share a key and are at least as similar, with the similarity, in order.");

static PyObject *memory_near(PyObject *self, PyObject *args) {
    Py_buffer b[4]; /* keys, text, entry, pool */
    unsigned long long k, limit;
    double threshold;
    size_t candidates;
    PyObject *found = NULL;
    Memory *m = SELF;
    if (!PyArg_ParseTuple(args, "y*y*Kdy*y*K", b, b + 1, &k, &threshold, b + 2, b + 3, &limit)) return NULL;
    if (LENGTH(b[0], uint64_t) > MOST_KEYS) {
        release(b, 4);
        PyErr_SetString(PyExc_ValueError, "too many keys");
        return NULL;
    }
    errno = 0;
    candidates = bands_find(m, U64(b[0]), LENGTH(b[0], uint64_t));
    if (candidates != (size_t)-1 && (found = PyList_New(0)) && candidates) {
        Fold fold;
        fold_init(&fold, U64(b[2]), U32(b[3]), limit);
        if (!measure_text(m, &fold, k, U8(b[1]), (size_t)b[1].len, &m->ours)) Py_CLEAR(found);
        for (size_t i = 0; found && i < candidates; i++) {
            double similarity = similarity_to(m, &fold, k, m->found[i], threshold);
            PyObject *pair = similarity > 0 ? Py_BuildValue("(Id)", m->found[i], similarity) : NULL;
            if (similarity < 0 || (pair && PyList_Append(found, pair)) || (similarity > 0 && !pair)) Py_CLEAR(found);
            Py_XDECREF(pair);
        }
    }
    m->searched = NULL; /* the keys may be gone, and others in their place */
    release(b, 4);
    return found || PyErr_Occurred() ? found : memory_failed();
}

PyDoc_STRVAR(source_doc,
             "source(file) -> int\n\nMakes a file (a descriptor that stays open) known, from which the texts of rows\n"
             "can be read again; its number for `match`.");

static PyObject *memory_source(PyObject *self, PyObject *number) {
    int file = (int)PyLong_AsLong(number), *more;
    if (PyErr_Occurred()) return NULL;
    if (SELF->source_count == UINT16_MAX) return PyLong_FromLong(0); /* texts of more files are kept */
    if (!(more = realloc(SELF->sources, (SELF->source_count + 1) * sizeof *more))) return PyErr_NoMemory();
    SELF->sources = more;
    more[SELF->source_count++] = file;
    return PyLong_FromSize_t(SELF->source_count);
}

PyDoc_STRVAR(forget_doc, "forget(row)\n\nForgets the rows from this number on, as if they had never been remembered.");

static PyObject *memory_forget(PyObject *self, PyObject *number) {
    size_t row = PyLong_AsSize_t(number);
    if (PyErr_Occurred()) return NULL;
    errno = 0;
    if (!forget(SELF, row)) return memory_failed();
    Py_RETURN_NONE;
}

PyDoc_STRVAR(release_doc, "release()\n\nLets the system have the memory of the tables, where a file holds it.");

static PyObject *memory_release(PyObject *self, PyObject *unused) {
    Memory *m = SELF;
    (void)unused;
    for (int i = 0; i < MAPS; i++)
        if (m->map[i].slot) arena_release(&m->arena, m->map[i].slot, m->map[i].size * sizeof(uint64_t));
    for (int i = 0; i < BAND_TABLES; i++)
        if (m->bands[i].data) arena_release(&m->arena, m->bands[i].data, m->bands[i].size * BUCKET_BYTES);
    for (size_t i = 0; i < m->chunks; i++)
        if (m->chunk[i]) arena_release(&m->arena, m->chunk[i], CHUNK * sizeof(Kept));
    Py_RETURN_NONE;
}

PyDoc_STRVAR(match_doc,
             "match(text, rows, blocks, keys, entry, pool, limit, begin, stop, plan, found) -> tuple[int, int, int]\n\n"
             "The rows of a batch from `begin` on, remembered or found to repeat, up to one that Python must decide\n"
             "on, or `stop`: its number, how many were found (into `found`, 40 bytes each), how many short\n"
             "paragraphs repeat. `plan`: near, remove, across, within, remember, threshold, least words, shingle\n"
             "words, page, subject, document, line, origin, source.");

static PyObject *memory_match(PyObject *self, PyObject *args) {
    Py_buffer b[7]; /* text, rows, blocks, keys, entry, pool, found */
    unsigned long long limit, begin, stop, least, shingle, origin;
    MatchPlan plan;
    Memory *m = SELF;
    uint64_t natural = 0;
    size_t count = 0, number;
    int state = MATCH_NONE;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*KKK(iiiiidKKIIIIKI)w*", b, b + 1, b + 2, b + 3, b + 4, b + 5, &limit,
                          &begin, &stop, &plan.near, &plan.remove, &plan.across, &plan.within, &plan.remember,
                          &plan.threshold, &least, &shingle, &plan.page, &plan.subject, &plan.document, &plan.line,
                          &origin, &plan.source, b + 6))
        return NULL;
    plan.least_words = least;
    plan.shingle = shingle;
    plan.origin = origin;
    errno = 0;
    Py_BEGIN_ALLOW_THREADS
    Fold fold;
    MatchInput in = {U8(b[0]), b[1].buf, b[2].buf, b[3].buf, LENGTH(b[1], Row), LENGTH(b[2], Paragraph)};
    Match *found = b[6].buf;
    size_t room = LENGTH(b[6], Match);
    fold_init(&fold, U64(b[4]), U32(b[5]), limit);
    for (number = begin; number < stop && count < room; number++) {
        const Row *row = in.rows + number;
        if (row->state == ROW_EMPTY) continue;
        if (row->state != ROW_PLAIN) break;
        if (number + 1 < in.row_count && row[1].first_block < (int64_t)in.block_count) {
            const Paragraph *next = in.blocks + row[1].first_block;
            map_prefetch(m, BY_WORDS, next->same);
            if (next->sketched) bands_prefetch(m, keys_at(&in, next), KEYS_OF(next->sketched));
        }
        state = match_row(m, &fold, &plan, &in, number, found + count, &natural);
        if (state == MATCH_FOUND) count++;
        else if (state != MATCH_NONE) break;
    }
    Py_END_ALLOW_THREADS
    release(b, 7);
    if (state == MATCH_FAILED) return memory_failed();
    return Py_BuildValue("(nnK)", (Py_ssize_t)number, (Py_ssize_t)count, (unsigned long long)natural);
}

static PyObject *memory_len(PyObject *self, PyObject *unused) {
    (void)unused;
    return PyLong_FromSize_t(SELF->rows);
}

static PyObject *memory_held(PyObject *self, PyObject *unused) {
    (void)unused;
    return PyLong_FromUnsignedLongLong(SELF->store.size);
}

static PyObject *memory_mapped(PyObject *self, PyObject *unused) {
    (void)unused;
    return PyLong_FromUnsignedLongLong(SELF->arena.file < 0 ? 0 : SELF->arena.mapped);
}

static PyObject *memory_beside(PyObject *self, PyObject *args) {
    long long row, step, other;
    Memory *m = SELF;
    if (!PyArg_ParseTuple(args, "LL", &row, &step)) return NULL;
    other = row + step;
    if (row < 0 || !is_here(m, (size_t)row) || other < 0 || !is_here(m, (size_t)other) ||
        kept(m, (size_t)row)->document != kept(m, (size_t)other)->document ||
        (long long)kept(m, (size_t)other)->position != (long long)kept(m, (size_t)row)->position + step)
        other = -1;
    return PyLong_FromLongLong(other);
}

static PyMethodDef memory_methods[] = {
    {"reserve", memory_reserve, METH_VARARGS, reserve_doc},
    {"add", memory_add, METH_VARARGS, add_doc},
    {"begin", memory_begin, METH_O, begin_doc},
    {"place", memory_place, METH_VARARGS, place_doc},
    {"register", memory_register, METH_O, register_doc},
    {"band", memory_band, METH_VARARGS, band_doc},
    {"find", memory_find, METH_VARARGS, find_doc},
    {"row", memory_row, METH_O, row_doc},
    {"text", memory_text, METH_O, text_doc},
    {"near", memory_near, METH_VARARGS, near_doc},
    {"match", memory_match, METH_VARARGS, match_doc},
    {"forget", memory_forget, METH_O, forget_doc},
    {"release", memory_release, METH_NOARGS, release_doc},
    {"held", memory_held, METH_NOARGS, "held() -> int\n\nHow many bytes of text there are in memory and file."},
    {"beside", memory_beside, METH_VARARGS,
     "beside(row, step) -> int\n\nThe row directly after (step 1) or before (-1) a row in its document; -1."},
    {"mapped", memory_mapped, METH_NOARGS, "mapped() -> int\n\nHow many bytes of tables lie in the file."},
    {"source", memory_source, METH_O, source_doc},
    {"rows", memory_len, METH_NOARGS, "rows() -> int\n\nHow many there are."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject memory_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "dedup._kernel.Memory",
    .tp_doc = "Memory(crowd, most_text, file)\n\nThe blocks that were kept so far: rows in order, found by hash "
              "and by their keys.",
    .tp_basicsize = sizeof(MemoryObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = memory_new,
    .tp_dealloc = memory_dealloc,
    .tp_methods = memory_methods,
};

#endif
