#include "CTrackerSystem.h"

#include <dlfcn.h>
#include <stdlib.h>

// libcurl's interface as far as it is used here: its numbers never change (curl.se/libcurl/c/symbols-in-versions.html), so that
// neither its headers nor its library are needed to build.
enum {
  OPTION_WRITEDATA = 10001,
  OPTION_URL = 10002,
  OPTION_READDATA = 10009,
  OPTION_ERRORBUFFER = 10010,
  OPTION_USERAGENT = 10018,
  OPTION_HTTPHEADER = 10023,
  OPTION_CUSTOMREQUEST = 10036,
  OPTION_XFERINFODATA = 10057,
  OPTION_CAINFO = 10065,
  OPTION_SEEKDATA = 10168,
  OPTION_WRITEFUNCTION = 20011,
  OPTION_READFUNCTION = 20012,
  OPTION_SEEKFUNCTION = 20167,
  OPTION_XFERINFOFUNCTION = 20219,
  OPTION_INFILESIZE_LARGE = 30115,
  OPTION_LOW_SPEED_LIMIT = 19,
  OPTION_LOW_SPEED_TIME = 20,
  OPTION_NOPROGRESS = 43,
  OPTION_UPLOAD = 46,
  OPTION_SSL_VERIFYPEER = 64,
  OPTION_CONNECTTIMEOUT = 78,
  OPTION_SSL_VERIFYHOST = 81,
  OPTION_NOSIGNAL = 99,
  OPTION_PROTOCOLS = 181,
  PROTOCOL_HTTP = 1,
  PROTOCOL_HTTPS = 2,
  INFO_RESPONSE_CODE = 0x200002,
  GLOBAL_DEFAULT = 3,
};

struct tracker_http {
  void *handle;
  void (*reset)(void *);
  void (*cleanup)(void *);
  int (*set)(void *, int, ...);
  int (*perform)(void *);
  int (*information)(void *, int, ...);
  const char *(*words)(int);
  void *(*append)(void *, const char *);
  void (*release)(void *);
};

static void *library(void) {
  static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib", "libcurl.dylib"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (library) return library;
  }
  return NULL;
}

struct tracker_http *tracker_http_open(void) {
  void *from = library();
  if (!from) return NULL;
  int (*initialize)(long) = (int (*)(long))dlsym(from, "curl_global_init");
  void *(*make)(void) = (void *(*)(void))dlsym(from, "curl_easy_init");
  struct tracker_http *http = calloc(1, sizeof *http);
  if (!http) return NULL;
  http->reset = (void (*)(void *))dlsym(from, "curl_easy_reset");
  http->cleanup = (void (*)(void *))dlsym(from, "curl_easy_cleanup");
  http->set = (int (*)(void *, int, ...))dlsym(from, "curl_easy_setopt");
  http->perform = (int (*)(void *))dlsym(from, "curl_easy_perform");
  http->information = (int (*)(void *, int, ...))dlsym(from, "curl_easy_getinfo");
  http->words = (const char *(*)(int))dlsym(from, "curl_easy_strerror");
  http->append = (void *(*)(void *, const char *))dlsym(from, "curl_slist_append");
  http->release = (void (*)(void *))dlsym(from, "curl_slist_free_all");
  if (initialize && make && http->reset && http->cleanup && http->set && http->perform && http->information &&
      http->words && http->append && http->release && initialize(GLOBAL_DEFAULT) == 0)
    http->handle = make();
  if (!http->handle) {
    free(http);
    return NULL;
  }
  return http;
}

void tracker_http_close(struct tracker_http *http) {
  http->cleanup(http->handle);
  free(http);
}

int tracker_http_perform(struct tracker_http *http, const struct tracker_http_request *request, long *status,
                         char error[TRACKER_HTTP_ERROR_SIZE]) {
  void *handle = http->handle;
  error[0] = 0;
  *status = 0;
  // Connections and names that were looked up stay.
  http->reset(handle);
  void *headers = NULL;
  for (const char *const *header = request->headers; *header; header++) {
    void *longer = http->append(headers, *header);
    if (longer) headers = longer;
  }
  http->set(handle, OPTION_URL, request->url);
  http->set(handle, OPTION_CUSTOMREQUEST, request->method);
  http->set(handle, OPTION_USERAGENT, request->agent);
  http->set(handle, OPTION_HTTPHEADER, headers);
  http->set(handle, OPTION_PROTOCOLS, (long)(PROTOCOL_HTTP | PROTOCOL_HTTPS));
  http->set(handle, OPTION_NOSIGNAL, 1L);
  http->set(handle, OPTION_ERRORBUFFER, error);
  http->set(handle, OPTION_CONNECTTIMEOUT, 20L);
  // Two minutes in which hardly a byte comes or goes: the other side is gone.
  http->set(handle, OPTION_LOW_SPEED_LIMIT, 1L);
  http->set(handle, OPTION_LOW_SPEED_TIME, 120L);
  http->set(handle, OPTION_NOPROGRESS, 0L);
  http->set(handle, OPTION_XFERINFOFUNCTION, request->is_stopped);
  http->set(handle, OPTION_XFERINFODATA, request->context);
  http->set(handle, OPTION_WRITEFUNCTION, request->take);
  http->set(handle, OPTION_WRITEDATA, request->context);
  if (request->body_size >= 0) {
    http->set(handle, OPTION_UPLOAD, 1L);
    http->set(handle, OPTION_INFILESIZE_LARGE, request->body_size);
    http->set(handle, OPTION_READFUNCTION, request->give);
    http->set(handle, OPTION_READDATA, request->context);
    http->set(handle, OPTION_SEEKFUNCTION, request->seek);
    http->set(handle, OPTION_SEEKDATA, request->context);
  }
  if (request->certificates) http->set(handle, OPTION_CAINFO, request->certificates);
  if (request->is_insecure) {
    http->set(handle, OPTION_SSL_VERIFYPEER, 0L);
    http->set(handle, OPTION_SSL_VERIFYHOST, 0L);
  }
  int failure = http->perform(handle);
  http->information(handle, INFO_RESPONSE_CODE, status);
  http->release(headers);
  if (failure && !error[0]) {
    const char *words = http->words(failure);
    size_t i = 0;
    for (; words[i] && i < TRACKER_HTTP_ERROR_SIZE - 1; i++) error[i] = words[i];
    error[i] = 0;
  }
  return failure;
}
