#include "kdc/kdc.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "source_dir/source_dir.h"

extern char** environ;

namespace mullion::kdc {

Kdc::Kdc(const std::string& options) {
    std::array<int, 2> in{}, out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    std::string python = "python3", script = source_dir() + "/tests/support/kdc.py", words = options;
    std::array<char*, 4> arguments{python.data(), script.data(), words.data(), nullptr};
    const int failed =
        ::posix_spawnp(&process_, python.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    to_ = ::fdopen(in[1], "w");
    from_ = ::fdopen(out[0], "r");
    if (failed != 0) throw std::runtime_error("python3 does not start");
    const auto ready = nlohmann::json::parse(read_line());
    folder_ = ready.at("folder");
    config_ = ready.at("config");
    use();
}

void Kdc::use() const {
    ::setenv("KRB5_CONFIG", config_.c_str(), 1);
    ::setenv("KRB5CCNAME", ("FILE:" + cache()).c_str(), 1);
    ::setenv("KRB5RCACHENAME", "none:", 1);
}

Kdc::~Kdc() {
    std::fclose(to_);  // Which ends it.
    std::fclose(from_);
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
}

std::string Kdc::keytab_of(std::string service) const {
    std::replace(service.begin(), service.end(), '/', '_');
    return folder_ + "/" + service + ".keytab";
}

std::string Kdc::user_keytab(const std::string& user) const {
    return folder_ + "/" + user + ".user.keytab";
}

std::string Kdc::ask(const std::string& line) {
    std::fprintf(to_, "%s\n", line.c_str());
    std::fflush(to_);
    return read_line();
}

std::string Kdc::read_line() {
    std::string line;
    for (int byte = std::fgetc(from_); byte != '\n'; byte = std::fgetc(from_)) {
        if (byte == EOF) throw std::runtime_error("the KDC ended; what it said is above");
        line += static_cast<char>(byte);
    }
    return line;
}

}  // namespace mullion::kdc
