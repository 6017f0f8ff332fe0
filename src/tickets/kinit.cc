#include "tickets/kinit.h"

#include <linux/magic.h>
#include <stdlib.h>
#include <sys/vfs.h>

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

#include "tickets/outcome.h"
#include "tickets/program.h"

namespace mullion::tickets {
namespace {

using kerberos::TicketCache;

// A run may have no deadline: a program that hangs must not hold its host for ever. And nothing can be added
// to the latest time there is.
constexpr auto patience = std::chrono::seconds(60);

// The directories that there are, for remove_kinit_caches().
struct Existing {
    std::mutex mutex;
    std::set<std::string> paths;
};
Existing& existing() {
    static auto* const all = new Existing;  // Threads may outlive whatever has a destructor.
    return *all;
}

// Nothing that is in it ever reaches a disk.
class MemoryDirectory {
public:
    // Errors: kerberos.kinit
    [[nodiscard]] static Result<MemoryDirectory> make();
    MemoryDirectory(MemoryDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    MemoryDirectory& operator=(MemoryDirectory&&) = delete;
    ~MemoryDirectory() {
        if (path_.empty()) return;
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
        const std::lock_guard lock(existing().mutex);
        existing().paths.erase(path_);
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    explicit MemoryDirectory(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

bool in_memory(const char* path) {
    struct statfs found {};
    return path != nullptr && path[0] == '/' && ::statfs(path, &found) == 0 &&
           (found.f_type == TMPFS_MAGIC || found.f_type == RAMFS_MAGIC);
}

Result<MemoryDirectory> MemoryDirectory::make() {
    for (const char* parent : {static_cast<const char*>(::secure_getenv("XDG_RUNTIME_DIR")), "/dev/shm"}) {
        if (!in_memory(parent)) continue;
        std::string path = std::string(parent) + "/mullion-kinit-XXXXXX";
        const std::lock_guard lock(existing().mutex);
        if (::mkdtemp(path.data()) == nullptr) continue;  // 0700.
        existing().paths.insert(path);
        return MemoryDirectory(std::move(path));
    }
    return Error(ErrorId::kerberos_kinit,
                 "no directory in memory for its cache: neither $XDG_RUNTIME_DIR nor /dev/shm is a tmpfs");
}

// As Ansible has it: nothing of our environment but what it needs to be found, and what was named.
std::vector<std::string> environment_of(const Kinit& kinit, const std::string& cache) {
    std::vector<std::string> names{"PATH", "KRB5_CONFIG"};
    names.insert(names.end(), kinit.environment.begin(), kinit.environment.end());
    std::vector<std::string> variables{"KRB5CCNAME=" + cache};
    for (const auto& name : names) {
        const char* value = ::getenv(name.c_str());
        if (value != nullptr && name != "KRB5CCNAME") variables.push_back(name + '=' + value);
    }
    return variables;
}

Result<Program> program_of(const kerberos::Configuration& configuration, const Source& source,
                           const std::string& cache) {
    Program program{{source.kinit.command}, environment_of(source.kinit, cache)};
    MULLION_ASSIGN(auto words, shell_words(source.kinit.arguments));
    if (source.kinit.arguments.empty() && configuration.forwardable) words.emplace_back("-f");
    program.words.insert(program.words.end(), words.begin(), words.end());
    const bool has_realm = source.client.find('@') != std::string::npos;
    const auto principal =
        has_realm || configuration.realm.empty() ? source.client : source.client + '@' + configuration.realm;
    if (principal.starts_with('-'))
        return Error(ErrorId::kerberos_kinit, "the user " + principal + " would be read as an option");
    program.words.push_back(principal);
    return program;
}

Result<TicketCache> run_kinit(const kerberos::Configuration& configuration, const Source& source,
                              MonotonicTime deadline) {
    MULLION_ASSIGN(const auto directory, MemoryDirectory::make());
    const auto cache = "FILE:" + directory.path() + "/ccache";
    MULLION_ASSIGN(const auto program, program_of(configuration, source, cache));
    MULLION_TRY(run_program(program, source.password, deadline));
    return kerberos::import_tickets(configuration, cache, "");
}

}  // namespace

void remove_kinit_caches() noexcept {
    const std::lock_guard lock(existing().mutex);
    for (const auto& path : existing().paths) {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
}

Result<std::vector<std::string>> shell_words(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    char quote = 0;
    bool in_word = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool escapes = c == '\\' && quote != '\'' && i + 1 < text.size();
        if (escapes) {
            word += text[++i];
            in_word = true;
        } else if (quote != 0) {
            if (c == quote) {
                quote = 0;
            } else {
                word += c;
            }
        } else if (c == '\'' || c == '"') {
            quote = c;
            in_word = true;
        } else if (c == ' ' || c == '\t' || c == '\n') {
            if (std::exchange(in_word, false)) words.push_back(std::exchange(word, {}));
        } else {
            word += c;
            in_word = true;
        }
    }
    if (quote != 0) return Error(ErrorId::kerberos_kinit, "a quote is open in its arguments: " + text);
    if (in_word) words.push_back(word);
    return words;
}

net::Task<Result<TicketCache>> KinitRunner::run(net::Executor executor, kerberos::Configuration configuration,
                                                std::shared_ptr<const Source> source,
                                                MonotonicTime deadline) {
    using Shared = Result<std::shared_ptr<TicketCache>>;
    deadline = std::min(deadline, std::chrono::steady_clock::now() + patience);
    const auto outcome = std::make_shared<Outcome<Shared>>();
    auto job = [outcome, configuration, source, deadline] {
        auto made = run_kinit(configuration, *source, deadline);
        if (made) {
            outcome->tell(std::make_shared<TicketCache>(std::move(*made)));
        } else {
            outcome->tell(std::move(made).error());
        }
    };
    const auto& command = source->kinit.command;
    if (!threads_.submit(std::move(job)))
        co_return Error(ErrorId::kerberos_kinit, command + ": there is no thread to run it with");
    // It ends by itself at the deadline; a moment more lets it say what had been said by then.
    const auto told =
        co_await Outcome<Shared>::wait(outcome, executor, deadline + std::chrono::milliseconds(500));
    if (!told) co_return Error(ErrorId::kerberos_kinit, command + ": its turn did not come in time");
    if (!*told) co_return Error(told->error());
    co_return std::move(***told);
}

}  // namespace mullion::tickets
