#ifndef TRACKER_SYSTEM_H
#define TRACKER_SYSTEM_H

#include <stddef.h>
#include <stdint.h>

/// How many words the command line has, with the program's name; 0 where the system does not hand them to libraries (musl).
int tracker_argument_count(void);
/// The words of the command line.
char **tracker_arguments(void);

/// Prints a number with so many digits after the point, as `%f` or `%e` do: the length of the text, as `snprintf` gives it.
int tracker_print_number(char *text, size_t size, double value, int precision, int is_scientific);

/// What a client speaks HTTP with: libcurl, which is looked for when it is needed and costs nothing until then.
struct tracker_http;

enum { TRACKER_HTTP_ERROR_SIZE = 256 };

/// A request, and what takes its answer. The functions are libcurl's callbacks and get `context`.
struct tracker_http_request {
  const char *method;
  const char *url;
  const char *agent;
  /// Lines such as `Name: value`, and NULL behind them.
  const char *const *headers;
  /// Bytes of the body; negative for none.
  int64_t body_size;
  /// The file of the authorities that are trusted, or NULL for the system's.
  const char *certificates;
  int is_insecure;
  void *context;
  size_t (*give)(char *, size_t, size_t, void *);
  int (*seek)(void *, int64_t, int);
  size_t (*take)(char *, size_t, size_t, void *);
  int (*is_stopped)(void *, int64_t, int64_t, int64_t, int64_t);
};

/// Opens libcurl; NULL where there is none.
struct tracker_http *tracker_http_open(void);
void tracker_http_close(struct tracker_http *);
/// Sends a request and takes the answer: 0, or libcurl's number of what went wrong, and its words.
int tracker_http_perform(struct tracker_http *, const struct tracker_http_request *, long *status, char *error);

#endif
