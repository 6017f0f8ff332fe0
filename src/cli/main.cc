#include <malloc.h>

#include "cli/commands.h"
#include "cli/process.h"
#include "crypto/wiped_free.h"
#include "os/harden.h"
#include "tickets/kinit.h"

int main(int count, char** words) {
    (void)mullion::crypto::take_openssl_memory();  // Nothing was before us.
    mullion::os::forbid_core_dumps();  // A password has to be in memory while there is a host to log on to.
    // An answer with much output is some blocks of 100 to 200 KB that live as long as it. By itself glibc
    // gives them back to the kernel each time, and takes a page fault for every 4 KB of the next.
    mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
    mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
    // What an I/O thread allocates it gets from the kernel in steps of this, instead of 4 KB: two calls fewer
    // for each host. It is touched only when it is used.
    mallopt(M_TOP_PAD, 1024 * 1024);
    mullion::cli::run_process([&] {
        const int status = mullion::cli::run_program(count, words);
        mullion::tickets::remove_kinit_caches();
        return status;
    });
}
