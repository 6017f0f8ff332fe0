// measure FILE COMMAND [WORD…]: runs the command and writes "USER_US SYSTEM_US PEAK_KIB WALL_US" to FILE.
//
// A program of its own because the kernel counts what a process was before exec() into its peak memory: a
// child of Python begins with Python's 15 MiB, a child of this with under two. Built by tools/bench.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace {

long long microseconds(const timeval& time) {
    return time.tv_sec * 1'000'000LL + time.tv_usec;
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
        execv(words[2], words + 2);
        std::perror("measure: exec");
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    if (wait4(child, &status, 0, &usage) != child) {
        std::perror("measure: wait4");
        return 125;
    }
    const auto wall = std::chrono::steady_clock::now() - began;
    std::FILE* const report = std::fopen(words[1], "w");
    if (report == nullptr) {
        std::perror("measure: report");
        return 125;
    }
    std::fprintf(report, "%lld %lld %ld %lld\n", microseconds(usage.ru_utime), microseconds(usage.ru_stime),
                 usage.ru_maxrss,
                 static_cast<long long>(std::chrono::duration_cast<std::chrono::microseconds>(wall).count()));
    if (std::fclose(report) != 0) return 125;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
