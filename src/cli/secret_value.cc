#include "cli/secret_value.h"

#include <fmt/format.h>
#include <unistd.h>

#include "cli/password.h"
#include "os/input_file.h"
#include "os/terminal.h"
#include "secrets/store/store.h"

namespace mullion::cli {
namespace {

Result<Secret> read_bytes(const ValueWords& words) {
    if (words.from_stdin) {
        os::InputFile input(STDIN_FILENO, "standard input");
        return os::read_secret_input(input, secrets::largest_value);
    }
    MULLION_ASSIGN(auto file, os::InputFile::open(words.file));
    return os::read_secret_input(file, secrets::largest_value);
}

Result<Secret> read_text(const ValueWords& words) {
    if (words.from_stdin) return os::read_secret(STDIN_FILENO, "standard input");
    return os::read_secret_file(words.file);
}

Result<Secret> ask_twice(const std::string& of_what) {
    const PasswordSource terminal{true, {}};
    MULLION_ASSIGN(auto value, read_password(terminal, fmt::format("Value of {}: ", of_what)));
    MULLION_ASSIGN(const auto again, read_password(terminal, "Again: "));
    if (!value.same_as(again))
        return Error(ErrorId::usage_password_missing, "the two values typed are not the same");
    return value;
}

}  // namespace

Result<Secret> read_value(const ValueWords& words, ValueForm form, const std::string& of_what) {
    if (!words.given() && form == ValueForm::bytes)
        return Error(
            ErrorId::usage_password_missing,
            fmt::format("the bytes of {}: give them with --value-file FILE or --value-stdin", of_what));
    if (!words.given()) {
        auto typed = ask_twice(of_what);
        if (!typed.ok() && typed.error().id == ErrorId::usage_password_missing &&
            typed.error().detail.empty())
            typed.error().detail = fmt::format(
                "the value of {}: there is no terminal; give it with --value-stdin or --value-file FILE",
                of_what);
        return typed;
    }
    auto value = form == ValueForm::text ? read_text(words) : read_bytes(words);
    if (value.ok() && value->empty())
        return Error(ErrorId::secrets_invalid, fmt::format("the value of {} cannot be empty", of_what));
    return value;
}

Result<void> check_input(const ValueWords& words, const StoreWords& store) {
    if (words.from_stdin) return check_standard_input(store, "--value-stdin");
    return check_standard_input(store, words.file == "-" ? "--value-file" : "");
}

}  // namespace mullion::cli
