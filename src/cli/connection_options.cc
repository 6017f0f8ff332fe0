#include "cli/connection_options.h"

#include <fmt/core.h>

#include "target/option_table.h"

namespace mullion::cli {
namespace {

void apply(const target::OptionRow& row, target::Target& target, const std::string& value) {
    const auto result = row.set(target, value);
    if (!result.ok()) throw CLI::ValidationError(std::string(row.flag), result.error().detail);
}

void declare_row(CLI::App& app, const target::OptionRow& row, target::Target& target) {
    const auto names = row.letter == 0 ? std::string(row.flag) : fmt::format("-{},{}", row.letter, row.flag);
    const auto help = row.fallback.empty() || row.type.empty()
                          ? std::string(row.help)
                          : fmt::format("{} (default {})", row.help, row.fallback);
    CLI::Option* option = nullptr;
    if (row.type.empty()) {
        option = app.add_flag_callback(
            names, [&row, &target] { apply(row, target, "yes"); }, help);
    } else {
        option = app.add_option_function<std::string>(
            names, [&row, &target](const std::string& value) { apply(row, target, value); }, help);
        option->type_name(std::string(row.type));
    }
    option->group("Connection");
}

}  // namespace

std::shared_ptr<ConnectionOptions> declare_connection(CLI::App& app) {
    auto options = std::make_shared<ConnectionOptions>();
    app.add_option("TARGET", options->text, "A URL, https://user@host:5986/wsman, or host[:port]")
        ->required()
        ->type_name("");
    for (const auto& row : target::option_table()) {
        if (!row.flag.empty()) declare_row(app, row, options->target);
    }
    auto* const ask =
        app.add_flag("-k,--ask-pass", options->password.ask, "Ask for the password on the terminal");
    auto* const file = app.add_option("--password-file", options->password.file,
                                      "The password is the first line of this file; - is standard input "
                                      "(default MULLION_PASSWORD_FILE, then the terminal)");
    ask->group("Connection")->excludes(file);
    file->group("Connection")->type_name("FILE|-");
    return options;
}

Result<Destination> resolve(const ConnectionOptions& options) {
    if (options.text.find(',') != std::string::npos)
        return Error(
            ErrorId::usage_unsupported,
            "several hosts in one command come with a later version; this one takes one TARGET at a time");
    MULLION_ASSIGN(auto target, target::parse_target(options.text, options.target));
    if (target.user.empty())
        return Error(ErrorId::auth_credentials, "there is no user name").on_host(target.name);
    const auto prompt = fmt::format("Password of {} for {}: ", target.user, target.name);
    auto password = read_password(options.password, prompt);
    if (!password.ok()) return std::move(password).error();
    auth::Credential credential{target.user, std::move(password).value()};
    return Destination{std::move(target), std::move(credential)};
}

}  // namespace mullion::cli
