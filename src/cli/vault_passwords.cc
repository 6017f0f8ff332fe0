#include "cli/vault_passwords.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "cli/password.h"
#include "os/input_file.h"

extern "C" char** environ;  // NOLINT: POSIX declares it nowhere

namespace mullion::cli {
namespace {

constexpr std::size_t longest = 64 * 1024;

Error file_error(const std::string& file, std::string_view what) {
    return {ErrorId::usage_file, fmt::format("{}: {}", file, what)};
}

// All that comes, without white space around it.
Result<Secret> read_all(os::InputFile file) {
    MULLION_ASSIGN(const Secret content, os::read_secret_input(file, longest));
    auto text = content.expose();
    constexpr std::string_view blanks = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return file.error("there is no vault password in it");
    return Secret(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

bool is_client(std::string_view file) {
    const auto slash = file.rfind('/');
    auto name = slash == std::string_view::npos ? file : file.substr(slash + 1);
    name = name.substr(0, name.rfind('.'));
    constexpr std::string_view ending = "-client";
    return name.size() >= ending.size() && name.substr(name.size() - ending.size()) == ending;
}

// Runs the file and takes what it prints. Its words are its name and a label: nothing secret.
Result<Secret> run_program(const VaultSource& source) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return file_error(source.file, std::strerror(errno));
    const os::UniqueFd output(ends[0]);
    os::UniqueFd theirs(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDOUT_FILENO);
    // A name without a slash would be looked for in PATH by a shell; here it is a path, as it was checked.
    auto path = source.file.find('/') == std::string::npos ? "./" + source.file : source.file;
    auto flag = std::string("--vault-id");
    auto label = source.label;
    char* const words[] = {path.data(), is_client(path) ? flag.data() : nullptr, label.data(), nullptr};
    pid_t child = -1;
    const int problem = ::posix_spawn(&child, path.c_str(), &actions, nullptr, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    theirs.reset();
    if (problem != 0)
        return file_error(source.file, fmt::format("it is executable, so it is run to print the password: {}",
                                                   std::strerror(problem)));
    auto password = read_all(os::InputFile(output.get(), "the output of " + source.file));
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return file_error(source.file, "the program that is to print the vault password failed");
    return password;
}

Result<Secret> read_source(const VaultSource& source) {
    if (source.file == "prompt") {
        PasswordSource terminal;
        terminal.ask = true;
        return read_password(terminal, fmt::format("Vault password ({}): ", source.label));
    }
    if (source.file == "-") return read_all(os::InputFile(STDIN_FILENO, "standard input"));
    MULLION_ASSIGN(auto file, os::InputFile::open(source.file));
    const auto& facts = file.facts();
    if (S_ISREG(facts.st_mode) && (facts.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0)
        return run_program(source);
    return read_all(std::move(file));
}

}  // namespace

Result<VaultSource> parse_vault_id(std::string_view text) {
    const auto at = text.find('@');
    if (at == std::string_view::npos && !text.empty()) return VaultSource{"default", std::string(text)};
    if (at == std::string_view::npos || at + 1 == text.size())
        return Error(ErrorId::usage_invalid, fmt::format("--vault-id {}: write LABEL@FILE", text));
    return VaultSource{at == 0 ? "default" : std::string(text.substr(0, at)),
                       std::string(text.substr(at + 1))};
}

Result<inventory::VaultPassword> read_vault_password(const VaultSource& source) {
    auto password = read_source(source);
    if (!password.ok()) return std::move(password).error();
    return inventory::VaultPassword{source.label, source.file, std::move(password).value()};
}

}  // namespace mullion::cli
