/* Loaded before libc: the wall clock stands still in the middle of the second HELD_CLOCK, since 1970, so that the way of an answer is in it. Other clocks go on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static time_t held(void) {
    const char* text = getenv("HELD_CLOCK");
    return text == NULL ? 0 : (time_t)atoll(text);
}

int clock_gettime(clockid_t clock, struct timespec* now) {
    static int (*real)(clockid_t, struct timespec*);
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) {
        if (real == NULL) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
        return real(clock, now);
    }
    now->tv_sec = held();
    now->tv_nsec = 500000000;
    return 0;
}

int gettimeofday(struct timeval* now, void* zone) {
    (void)zone;
    now->tv_sec = held();
    now->tv_usec = 500000;
    return 0;
}

time_t time(time_t* now) {
    if (now != NULL) *now = held();
    return held();
}
