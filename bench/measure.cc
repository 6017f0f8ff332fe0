// measure FILE COMMAND [WORD…]: runs the command and writes "USER_US SYSTEM_US PEAK_KIB WALL_US OWN_KIB" to
// FILE.
//
// PEAK is what the process had mapped at once, files included: programs and libraries, which all processes
// that use them share. OWN is what it had besides when it ended (RssAnon), which each further one takes anew;
// the process is stopped once for it, at its end.
//
// A program of its own because the kernel counts what a process was before exec() into its peak memory: a
// child of Python begins with Python's 15 MiB, a child of this with under two. Built by tools/bench.
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>

namespace {

long long microseconds(const timeval& time) {
    return time.tv_sec * 1'000'000LL + time.tv_usec;
}

// proc(5), status: "RssAnon:     1184 kB". 0: it cannot be read.
long own_memory(pid_t process) {
    char name[64];
    std::snprintf(name, sizeof name, "/proc/%d/status", static_cast<int>(process));
    std::FILE* const status = std::fopen(name, "r");
    if (status == nullptr) return 0;
    long found = 0;
    for (char line[256]; found == 0 && std::fgets(line, sizeof line, status) != nullptr;)
        (void)std::sscanf(line, "RssAnon: %ld kB", &found);
    std::fclose(status);
    return found;
}

// Runs it to its end, with a look at it where that begins (ptrace(2), PTRACE_O_TRACEEXIT). False: it is lost.
bool watch(pid_t child, int& status, rusage& usage, long& own) {
    bool begun = false;
    while (wait4(child, &status, 0, &usage) == child) {
        if (WIFEXITED(status) || WIFSIGNALED(status)) return true;
        int passed_on = WSTOPSIG(status);
        if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8)) {
            own = own_memory(child);
            passed_on = 0;
        } else if (!begun) {
            begun = true;  // The exec.
            passed_on = 0;
            ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACEEXIT);
        }
        if (ptrace(PTRACE_CONT, child, nullptr, passed_on) != 0) return false;
    }
    return false;
}

}  // namespace

int main(int count, char** words) {
    if (count < 3) {
        std::fprintf(stderr, "usage: measure FILE COMMAND [WORD...]\n");
        return 125;
    }
    const auto began = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child < 0) {
        std::perror("measure: fork");
        return 125;
    }
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        execv(words[2], words + 2);
        std::perror("measure: exec");
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    long own = 0;
    if (!watch(child, status, usage, own)) {
        std::perror("measure: wait4");
        return 125;
    }
    const auto wall = std::chrono::steady_clock::now() - began;
    std::FILE* const report = std::fopen(words[1], "w");
    if (report == nullptr) {
        std::perror("measure: report");
        return 125;
    }
    std::fprintf(report, "%lld %lld %ld %lld %ld\n", microseconds(usage.ru_utime),
                 microseconds(usage.ru_stime), usage.ru_maxrss,
                 static_cast<long long>(std::chrono::duration_cast<std::chrono::microseconds>(wall).count()),
                 own);
    if (std::fclose(report) != 0) return 125;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
