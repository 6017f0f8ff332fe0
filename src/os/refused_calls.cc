#include "os/refused_calls.h"

#include <seccomp.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>

#include "os/file.h"

namespace mullion::os {
namespace {

constexpr std::size_t most_calls = 600;
constexpr std::size_t longest_name = 32;
constexpr unsigned most_lines = 100;  // Whoever tries on and on does not fill a disk.

// Filled before the first signal can come: a handler can ask nobody.
std::array<std::array<char, longest_name>, most_calls> names{};
std::atomic<unsigned> lines{0};

// Only what may be done in a signal handler: no allocation, no locks, no time zones.
class Line {
public:
    void add(std::string_view text) {
        const std::size_t size = std::min(text.size(), text_.size() - used_);
        std::memcpy(&text_[used_], text.data(), size);
        used_ += size;
    }
    void add(std::uint64_t number, int digits = 1) {
        std::array<char, 20> reversed{};
        int count = 0;
        for (; number != 0 || count < digits; number /= 10)
            reversed[static_cast<std::size_t>(count++)] = static_cast<char>('0' + number % 10);
        while (count > 0) add({&reversed[static_cast<std::size_t>(--count)], 1});
    }
    void write() const { (void)!::write(STDERR_FILENO, text_.data(), used_); }

private:
    std::array<char, 256> text_{};
    std::size_t used_ = 0;
};

// As the other lines of the log begin. The calendar is Howard Hinnant's civil_from_days, for years from 1970.
void add_time(Line& line) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const auto seconds = static_cast<std::uint64_t>(now.tv_sec);
    const std::uint64_t days = seconds / 86'400 + 719'468;
    const std::uint64_t era = days / 146'097;
    const std::uint64_t of_era = days % 146'097;
    const std::uint64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
    const std::uint64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const std::uint64_t shifted = (5 * of_year + 2) / 153;  // 0 is March.
    const std::uint64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    line.add(year + era * 400 + (month <= 2 ? 1 : 0), 4);
    line.add("-");
    line.add(month, 2);
    line.add("-");
    line.add(of_year - (153 * shifted + 2) / 5 + 1, 2);
    line.add("T");
    line.add(seconds / 3'600 % 24, 2);
    line.add(":");
    line.add(seconds / 60 % 60, 2);
    line.add(":");
    line.add(seconds % 60, 2);
    line.add("Z ");
}

void tell(std::size_t number, std::string_view name) {
    const unsigned before = lines.fetch_add(1);
    if (before > most_lines) return;
    Line line;
    add_time(line);
    line.add("error the network process was refused the system call ");
    line.add(name.empty() ? std::string_view("number") : name);
    if (name.empty()) line.add(" ");
    if (name.empty()) line.add(number);
    line.add(before == most_lines ? ": no more such lines follow\n" : "\n");
    line.write();
}

// What is newer than the library's table is not there, and whoever tried it knows another way.
int error_of(std::string_view name) {
    return name.empty() ? ENOSYS : EPERM;
}

void answer(ucontext_t& context, int error) {
#if defined(__x86_64__)
    context.uc_mcontext.gregs[REG_RAX] = -error;
#elif defined(__aarch64__)
    context.uc_mcontext.regs[0] = static_cast<unsigned long long>(-error);
#else
    (void)context;
    (void)error;
#endif
}

void on_refusal(int, siginfo_t* about, void* context) {
    const int kept = errno;
    const auto number = static_cast<std::size_t>(about->si_syscall);
    const std::string_view name = number < most_calls ? names[number].data() : "";
    tell(number, name);
    answer(*static_cast<ucontext_t*>(context), error_of(name));
    errno = kept;
}

}  // namespace

bool can_tell_refused_calls() noexcept {
#if defined(__x86_64__) || defined(__aarch64__)
    return true;
#else
    return false;
#endif
}

Result<void> tell_refused_calls() {
    for (std::size_t number = 0; number < most_calls; ++number) {
        char* const name = ::seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(number));
        if (name != nullptr) std::strncpy(names[number].data(), name, longest_name - 1);
        std::free(name);
    }
    struct sigaction action {};
    action.sa_sigaction = on_refusal;
    action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART;
    sigemptyset(&action.sa_mask);
    if (::sigaction(SIGSYS, &action, nullptr) != 0)
        return system_error(ErrorId::serve_rights, "take SIGSYS", errno);
    return {};
}

}  // namespace mullion::os
