/* The compiled kernel as a Python module. Everything works on buffers and frees the GIL while it does.
 *
 * `dedup/words.py` and `dedup/sketch/reference.py` define what the functions give; no bit may differ. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "rows.h"

#define U8(b) ((uint8_t *)(b).buf)
#define U32(b) ((uint32_t *)(b).buf)
#define U64(b) ((uint64_t *)(b).buf)
#define I64(b) ((int64_t *)(b).buf)
#define LENGTH(b, type) ((size_t)(b).len / sizeof(type))

static void release(Py_buffer *first, int count) {
    for (int i = 0; i < count; i++) PyBuffer_Release(first + i);
}

#include "type.h"

/* Memory of results that nobody holds any more, for the next batch: new memory would have to be cleared by the system,
 * page by page. Looked at with the interpreter's lock only. */
enum { POOL_ROWS, POOL_BLOCKS, POOL_KEYS, POOL_TEXT, POOLS };
enum { POOL_MOST = 6, POOL_LARGEST = 16 << 20 };

static struct {
    void *data[POOL_MOST];
    size_t room[POOL_MOST];
    int count;
} pools[POOLS];

static void pool_give(int kind, void *data, size_t room) {
    if (!data || kind == POOLS || pools[kind].count == POOL_MOST || room > POOL_LARGEST) {
        free(data);
        return;
    }
    pools[kind].data[pools[kind].count] = data;
    pools[kind].room[pools[kind].count++] = room;
}

static void *pool_take(int kind, size_t *room) {
    if (!pools[kind].count) {
        *room = 0;
        return NULL;
    }
    *room = pools[kind].room[--pools[kind].count];
    return pools[kind].data[pools[kind].count];
}

/* Memory of a result, as an object with a buffer: to copy it would take as long as to make it. */
typedef struct {
    PyObject_HEAD
    void *data;
    Py_ssize_t size;
    size_t room;
    int kind; /* the pool that it goes back to; POOLS: none */
} OwnedObject;

static void owned_dealloc(PyObject *self) {
    OwnedObject *owned = (OwnedObject *)self;
    pool_give(owned->kind, owned->data, owned->room);
    Py_TYPE(self)->tp_free(self);
}

static int owned_buffer(PyObject *self, Py_buffer *view, int flags) {
    OwnedObject *owned = (OwnedObject *)self;
    return PyBuffer_FillInfo(view, self, owned->data, owned->size, 0, flags);
}

static PyBufferProcs owned_procs = {owned_buffer, NULL};

static PyTypeObject owned_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "dedup._kernel.Owned",
    .tp_doc = "Bytes that a function of the kernel gave.",
    .tp_basicsize = sizeof(OwnedObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_dealloc = owned_dealloc,
    .tp_as_buffer = &owned_procs,
};

/* Takes over the memory, which may be NULL where the size is 0. */
static PyObject *pooled(void *data, size_t size, size_t room, int kind) {
    OwnedObject *owned = PyObject_New(OwnedObject, &owned_type);
    if (!owned || (!data && !(data = malloc(1)))) {
        free(data);
        Py_XDECREF(owned);
        return PyErr_NoMemory();
    }
    owned->data = data;
    owned->size = (Py_ssize_t)size;
    owned->room = room;
    owned->kind = kind;
    return (PyObject *)owned;
}

static PyObject *bytes_of(void *data, size_t size) { return pooled(data, size, 0, POOLS); }

PyDoc_STRVAR(words_doc,
             "words(text, start, end, entry, pool, limit, first, same, facts) -> buffer | None\n\n"
             "The uint64 hashes of the words of the blocks `text[start[i]:end[i]]`, one block after the other; fills\n"
             "`first`, `same` and `facts`. None where a character is not in the table yet.");

static PyObject *py_words(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer b[8]; /* text, start, end, entry, pool, first, same, facts */
    unsigned long long limit;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*Kw*w*w*", b, b + 1, b + 2, b + 3, b + 4, &limit, b + 5, b + 6, b + 7))
        return NULL;
    size_t blocks = LENGTH(b[1], int64_t), room = (size_t)b[0].len + 64, used = 0, bad = 0;
    uint64_t *out = NULL;
    Py_BEGIN_ALLOW_THREADS
    Fold fold;
    fold_init(&fold, U64(b[3]), U32(b[4]), limit);
    out = malloc(room * sizeof *out);
    I64(b[5])[0] = 0;
    for (size_t i = 0; out && i < blocks; i++) {
        size_t length = (size_t)(I64(b[2])[i] - I64(b[1])[i]);
        uint64_t facts = 0;
        size_t count = words_of(&fold, U8(b[0]) + I64(b[1])[i], length, out + used, room - used, &facts);
        if (count == WORDS_OVERFLOW) {
            room += room / 2 + length * 6 + 64;
            uint64_t *more = realloc(out, room * sizeof *out);
            if (!more) free(out);
            out = more;
            i--;
            continue;
        }
        if (count == WORDS_UNKNOWN) {
            bad = 1;
            break;
        }
        U64(b[6])[i] = same_of(out + used, count);
        U64(b[7])[i] = facts;
        used += count;
        I64(b[5])[i + 1] = (int64_t)used;
    }
    Py_END_ALLOW_THREADS
    release(b, 8);
    if (!out) return PyErr_NoMemory();
    if (bad) {
        free(out);
        Py_RETURN_NONE;
    }
    return bytes_of(out, used * sizeof *out);
}

PyDoc_STRVAR(unknown_doc,
             "unknown(text, entry, limit) -> set[int]\n\nThe characters of UTF-8 that are not in the table; maybe not yet all.");

static PyObject *py_unknown(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer b[2];
    unsigned long long limit;
    uint32_t found[4096];
    size_t count;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*K", b, b + 1, &limit)) return NULL;
    Py_BEGIN_ALLOW_THREADS
    count = unknown_in(U64(b[1]), limit, U8(b[0]), (size_t)b[0].len, found, 4096);
    Py_END_ALLOW_THREADS
    release(b, 2);
    result = PySet_New(NULL);
    for (size_t i = 0; result && i < count; i++) {
        PyObject *code = PyLong_FromUnsignedLong(found[i]);
        if (!code || PySet_Add(result, code)) Py_CLEAR(result);
        Py_XDECREF(code);
    }
    return result;
}

PyDoc_STRVAR(shingles_doc,
             "shingles(hashes, first, chosen, k, out_first) -> buffer\n\n"
             "The uint32 shingles of the chosen blocks, distinct and in rising order; fills `out_first`.");

static PyObject *py_shingles(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer b[4]; /* hashes, first, chosen, out_first */
    unsigned long long k;
    if (!PyArg_ParseTuple(args, "y*y*y*Kw*", b, b + 1, b + 2, &k, b + 3)) return NULL;
    size_t blocks = LENGTH(b[2], int64_t), total = 0, most = 0, used = 0;
    uint32_t *out, *spare;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *first = I64(b[1]), *chosen = I64(b[2]);
    for (size_t i = 0; i < blocks; i++) {
        size_t count = shingle_count((size_t)(first[chosen[i] + 1] - first[chosen[i]]), k);
        total += count;
        most = count > most ? count : most;
    }
    out = malloc((total + 1) * sizeof *out);
    spare = malloc((most + 1) * sizeof *spare);
    I64(b[3])[0] = 0;
    for (size_t i = 0; out && spare && i < blocks; i++) {
        size_t begin = (size_t)first[chosen[i]], count = (size_t)first[chosen[i] + 1] - begin;
        used += distinct_u32(out + used, shingles_of(U64(b[0]) + begin, count, k, out + used), spare);
        I64(b[3])[i + 1] = (int64_t)used;
    }
    if (!spare) {
        free(out);
        out = NULL;
    }
    free(spare);
    Py_END_ALLOW_THREADS
    release(b, 4);
    return out ? bytes_of(out, used * sizeof *out) : PyErr_NoMemory();
}

PyDoc_STRVAR(signatures_doc,
             "signatures(values, first, factors, offsets, out)\n\n"
             "The 128 MinHash values of each set of shingles, into `out`.");

static PyObject *py_signatures(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer b[5];
    if (!PyArg_ParseTuple(args, "y*y*y*y*w*", b, b + 1, b + 2, b + 3, b + 4)) return NULL;
    size_t blocks = LENGTH(b[1], int64_t) - 1;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *first = I64(b[1]);
    for (size_t i = 0; i < blocks; i++)
        minhash(U32(b[0]) + first[i], (size_t)(first[i + 1] - first[i]), U32(b[2]), U32(b[3]),
                U32(b[4]) + i * PERMUTATIONS);
    Py_END_ALLOW_THREADS
    release(b, 5);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(sketch_doc,
             "sketch(hashes, first, chosen, k, factors, offsets, bands, rows, tables, out_first) -> buffer\n\n"
             "The uint64 keys that find the chosen blocks, from the hashes of their words, one block after the other;\n"
             "fills `out_first`.");

static PyObject *py_sketch(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer b[7]; /* hashes, first, chosen, factors, offsets, tables, out_first */
    unsigned long long k, bands, rows;
    if (!PyArg_ParseTuple(args, "y*y*y*Ky*y*KKy*w*", b, b + 1, b + 2, &k, b + 3, b + 4, &bands, &rows, b + 5, b + 6))
        return NULL;
    size_t blocks = LENGTH(b[2], int64_t), most = 0;
    uint32_t *spare;
    Grown keys = {.item = sizeof(uint64_t)};
    int ok;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *first = I64(b[1]), *chosen = I64(b[2]);
    KeyPlan plan = {k, bands, rows, U32(b[3]), U32(b[4]), U8(b[5])};
    for (size_t i = 0; i < blocks; i++) {
        size_t count = shingle_count((size_t)(first[chosen[i] + 1] - first[chosen[i]]), k);
        most = count > most ? count : most;
    }
    spare = malloc((most + 1) * sizeof *spare);
    ok = spare && grow(&keys, 1);
    I64(b[6])[0] = 0;
    for (size_t i = 0; ok && i < blocks; i++) {
        size_t begin = (size_t)first[chosen[i]], count = (size_t)first[chosen[i] + 1] - begin;
        if (count && (ok = grow(&keys, MOST_KEYS)))
            keys.used += keys_of(&plan, U64(b[0]) + begin, count, spare, (uint64_t *)keys.data + keys.used);
        I64(b[6])[i + 1] = (int64_t)keys.used;
    }
    free(spare);
    Py_END_ALLOW_THREADS
    release(b, 7);
    if (ok) return bytes_of(keys.data, keys.used * keys.item);
    free(keys.data);
    return PyErr_NoMemory();
}

PyDoc_STRVAR(jaccard_doc, "jaccard(one, other) -> float\n\nOf two sets of uint32 in rising order; 0 where one is empty.");

static PyObject *py_jaccard(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer b[2];
    if (!PyArg_ParseTuple(args, "y*y*", b, b + 1)) return NULL;
    double result = jaccard_of(U32(b[0]), LENGTH(b[0], uint32_t), U32(b[1]), LENGTH(b[1], uint32_t));
    release(b, 2);
    return PyFloat_FromDouble(result);
}

/* A batch with memory of batches before it. */
static Batch batch_begin(void) {
    Batch batch = {0};
    Grown *grown[] = {&batch.rows, &batch.blocks, &batch.keys};
    for (int i = 0; i < 3; i++) {
        size_t bytes;
        grown[i]->item = i == POOL_ROWS ? sizeof(Row) : i == POOL_BLOCKS ? sizeof(Paragraph) : sizeof(uint64_t);
        grown[i]->data = pool_take(i, &bytes);
        grown[i]->room = bytes / grown[i]->item;
    }
    batch.text = pool_take(POOL_TEXT, &batch.text_room);
    return batch;
}

/* What a batch came to, as a tuple of buffers; the batch is empty then. */
static PyObject *batch_end(Batch *batch, int problem) {
    Grown *grown[] = {&batch->rows, &batch->blocks, &batch->keys};
    PyObject *result = NULL;
    if (problem == BATCH_MEMORY) {
        PyErr_NoMemory();
    } else if (problem == BATCH_UNKNOWN) {
        result = Py_BuildValue("(OOON)", Py_None, Py_None, Py_None,
                               pooled(batch->text, batch->text_size, batch->text_room, POOL_TEXT));
        batch->text = NULL;
    } else {
        PyObject *found[4] = {NULL};
        for (int i = 0; i < 3; i++)
            found[i] = pooled(grown[i]->data, grown[i]->used * grown[i]->item, grown[i]->room * grown[i]->item, i);
        found[3] = pooled(batch->text, batch->text_size, batch->text_room, POOL_TEXT);
        result = Py_BuildValue("(NNNN)", found[0], found[1], found[2], found[3]);
        batch->rows.data = batch->blocks.data = batch->keys.data = batch->text = NULL;
    }
    batch_free(batch);
    return result;
}

PyDoc_STRVAR(rows_doc,
             "rows(data, key, entry, pool, limit, k, factors, offsets, bands, rows, tables, least_words, plain) -> tuple\n\n"
             "A batch of JSON Lines as columns: the rows (8 int64 each), their plain paragraphs (8 uint64 each), the\n"
             "keys that find them, the texts. The first is None where a character is not in the table yet. Texts that are not\n"
             "`plain` are not cut.");

static PyObject *py_rows(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer b[7]; /* data, key, entry, pool, factors, offsets, tables */
    unsigned long long limit, k, bands, rows, least;
    int problem, plain;
    if (!PyArg_ParseTuple(args, "y*y*y*y*KKy*y*KKy*Kp", b, b + 1, b + 2, b + 3, &limit, &k, b + 4, b + 5, &bands,
                          &rows, b + 6, &least, &plain))
        return NULL;
    Batch batch = batch_begin();
    Py_BEGIN_ALLOW_THREADS
    Fold fold;
    SketchPlan plan = {{k, bands, rows, U32(b[4]), U32(b[5]), U8(b[6])}, least, plain};
    fold_init(&fold, U64(b[2]), U32(b[3]), limit);
    problem = batch_read(&batch, &fold, &plan, U8(b[0]), (size_t)b[0].len, U8(b[1]), (size_t)b[1].len);
    Py_END_ALLOW_THREADS
    release(b, 7);
    return batch_end(&batch, problem);
}

PyDoc_STRVAR(cells_doc,
             "cells(data, places, quoted, entry, pool, limit, k, factors, offsets, bands, rows, tables, least_words, plain)\n"
             "    -> tuple\n\n"
             "The same of cells, given by 4 int64 each: where the row begins and ends in `data`, and its text, -1 where it\n"
             "has none. In `quoted` texts a quotation mark stands twice.");

static PyObject *py_cells(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer b[7]; /* data, places, entry, pool, factors, offsets, tables */
    unsigned long long limit, k, bands, rows, least;
    int problem, quoted, plain;
    if (!PyArg_ParseTuple(args, "y*y*py*y*KKy*y*KKy*Kp", b, b + 1, &quoted, b + 2, b + 3, &limit, &k, b + 4, b + 5,
                          &bands, &rows, b + 6, &least, &plain))
        return NULL;
    Batch batch = batch_begin();
    Py_BEGIN_ALLOW_THREADS
    Fold fold;
    SketchPlan plan = {{k, bands, rows, U32(b[4]), U32(b[5]), U8(b[6])}, least, plain};
    fold_init(&fold, U64(b[2]), U32(b[3]), limit);
    problem = batch_cells(&batch, &fold, &plan, U8(b[0]), (size_t)b[0].len, I64(b[1]), LENGTH(b[1], int64_t) / 4, quoted);
    Py_END_ALLOW_THREADS
    release(b, 7);
    return batch_end(&batch, problem);
}

static PyMethodDef methods[] = {
    {"rows", py_rows, METH_VARARGS, rows_doc},
    {"cells", py_cells, METH_VARARGS, cells_doc},
    {"unknown", py_unknown, METH_VARARGS, unknown_doc},
    {"words", py_words, METH_VARARGS, words_doc},
    {"shingles", py_shingles, METH_VARARGS, shingles_doc},
    {"signatures", py_signatures, METH_VARARGS, signatures_doc},
    {"sketch", py_sketch, METH_VARARGS, sketch_doc},
    {"jaccard", py_jaccard, METH_VARARGS, jaccard_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "dedup._kernel",
    .m_doc = "Words, shingles, MinHash and similarities in C.",
    .m_size = 0,
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit__kernel(void) {
    PyObject *found;
    minhash = widest_minhash();
    if (PyType_Ready(&memory_type) < 0 || PyType_Ready(&owned_type) < 0 || !(found = PyModule_Create(&module))) return NULL;
    if (PyModule_AddObjectRef(found, "Memory", (PyObject *)&memory_type) < 0) Py_CLEAR(found);
    return found;
}
