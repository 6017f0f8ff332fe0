/* Loaded before libc: the wall clock stands still at HELD_CLOCK, in seconds since 1970, and HELD_NANOSECONDS. Other clocks go on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static time_t held(void) {
    const char* text = getenv("HELD_CLOCK");
    return text == NULL ? 0 : (time_t)atoll(text);
}

static long behind(void) {
    const char* text = getenv("HELD_NANOSECONDS");
    return text == NULL ? 0 : atol(text);
}

int clock_gettime(clockid_t clock, struct timespec* now) {
    static int (*real)(clockid_t, struct timespec*);
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) {
        if (real == NULL) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
        return real(clock, now);
    }
    now->tv_sec = held();
    now->tv_nsec = behind();
    return 0;
}

int gettimeofday(struct timeval* now, void* zone) {
    (void)zone;
    now->tv_sec = held();
    now->tv_usec = behind() / 1000;
    return 0;
}

time_t time(time_t* now) {
    if (now != NULL) *now = held();
    return held();
}
