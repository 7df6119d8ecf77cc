/* The texts of kept blocks: the latest in memory, the earlier ones in a file once there are many. */
#ifndef DEDUP_STORE_H
#define DEDUP_STORE_H

#include "portable.h"

#ifdef _WIN32
#include <io.h>
static int64_t write_at(int file, const void *data, size_t size, uint64_t at) {
    return _lseeki64(file, (int64_t)at, SEEK_SET) < 0 ? -1 : _write(file, data, (unsigned)size);
}
static int64_t read_at(int file, void *data, size_t size, uint64_t at) {
    return _lseeki64(file, (int64_t)at, SEEK_SET) < 0 ? -1 : _read(file, data, (unsigned)size);
}
#else
#include <unistd.h>
#define write_at(file, data, size, at) pwrite(file, data, size, (off_t)(at))
#define read_at(file, data, size, at) pread(file, data, size, (off_t)(at))
#endif

#define PART (1u << 20)

typedef struct {
    uint8_t **part;  /* of PART bytes each, one after the other; NULL where in the file */
    size_t parts;
    size_t first;    /* the first that is in memory */
    uint64_t size;   /* bytes of text in all */
    uint64_t most;   /* bytes to hold in memory */
    int file;        /* -1 until there is one */
    uint8_t *read;   /* what was read last from the file */
    size_t room;
} Store;

enum { STORE_OK = 0, STORE_MEMORY = 1, STORE_DISK = 2, STORE_NEEDS_FILE = 3 };

/* Moves texts to the file so that so many more bytes find room. STORE_NEEDS_FILE: they do not, and there is no file. */
static int store_reserve(Store *s, size_t length) {
    if (s->size + length > s->first * (uint64_t)PART + s->most && s->file < 0) return STORE_NEEDS_FILE;
    /* The part that is written to now stays. */
    while (s->size + length > s->first * (uint64_t)PART + s->most && s->first < s->size / PART) {
        size_t done = 0;
        while (done < PART) {
            int64_t written = write_at(s->file, s->part[s->first] + done, PART - done, (uint64_t)s->first * PART + done);
            if (written <= 0) return STORE_DISK;
            done += (size_t)written;
        }
        free(s->part[s->first]);
        s->part[s->first++] = NULL;
    }
    return STORE_OK;
}

#define STORE_FULL UINT64_MAX

/* Adds a text; its place, or STORE_FULL without memory. */
static uint64_t store_add(Store *s, const uint8_t *text, size_t length) {
    uint64_t place = s->size;
    while (s->size + length > s->parts * (uint64_t)PART) {
        uint8_t **more = realloc(s->part, (s->parts + 1) * sizeof *more);
        if (!more) return STORE_FULL;
        s->part = more;
        if (!(s->part[s->parts] = malloc(PART))) return STORE_FULL;
        s->parts++;
    }
    while (length) {
        size_t in = (size_t)(s->size % PART), run = PART - in < length ? PART - in : length;
        memcpy(s->part[s->size / PART] + in, text, run);
        text += run;
        length -= run;
        s->size += run;
    }
    return place;
}

/* Room in `read` for so many bytes. */
static int store_room(Store *s, size_t length) {
    uint8_t *more;
    if (length <= s->room) return 1;
    if (!(more = realloc(s->read, length))) return 0;
    s->read = more;
    s->room = length;
    return 1;
}

/* A text of the store, valid until the next call; NULL where it cannot be had. */
static const uint8_t *store_get(Store *s, uint64_t place, size_t length) {
    size_t part = (size_t)(place / PART), in = (size_t)(place % PART), done = 0;
    if (part >= s->first && in + length <= PART) return length ? s->part[part] + in : (const uint8_t *)"";
    if (!store_room(s, length)) return NULL;
    while (done < length) {
        uint64_t at = place + done;
        size_t run = PART - (size_t)(at % PART);
        run = run < length - done ? run : length - done;
        if (at / PART >= s->first) {
            memcpy(s->read + done, s->part[at / PART] + at % PART, run);
        } else {
            int64_t got = read_at(s->file, s->read + done, run, at);
            if (got <= 0) return NULL;
            run = (size_t)got;
        }
        done += run;
    }
    return s->read;
}

static void store_free(Store *s) {
    for (size_t i = s->first; i < s->parts; i++) free(s->part[i]);
    free(s->part);
    free(s->read);
}

#endif
