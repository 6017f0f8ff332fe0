#include "cli/secret_inputs.h"

#include <fmt/core.h>
#include <CLI/Option.hpp>

#include <algorithm>
#include <set>
#include <utility>

#include "secrets/use/batch.h"

namespace mullion::cli {
namespace {

constexpr std::size_t longest_name = 255;

Error wrong(std::string text) {
    return {ErrorId::usage_invalid, std::move(text)};
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_name_letter(char c) {
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("_.-()").find(c) != std::string_view::npos;
}

// "ProgramFiles(x86)" is one; nothing that a command line would have to quote or expand is.
bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name &&
           std::all_of(name.begin(), name.end(), is_name_letter) &&
           (name.front() < '0' || name.front() > '9');
}

// Windows' variables have no case.
std::string folded(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(), lower);
    return name;
}

}  // namespace

void SecretInputs::declare(CLI::App& app) {
    app.add_option(
           "--secret-env", words_,
           "A variable for the command whose value is a secret of the store; may be repeated. Masked in "
           "what is printed")
        ->allow_extra_args(false)
        ->type_name("NAME=REF");
    app.add_option("--secret-stdin", input_,
                   "Standard input of the command: a secret of the store. Masked in what is printed")
        ->type_name("REF");
}

Result<void> SecretInputs::check(const std::vector<std::pair<std::string, std::string>>& plain,
                                 bool has_input) {
    if (has_input && !input_.empty())
        return wrong("--stdin and --secret-stdin: a command has one standard input");
    std::set<std::string> names;
    for (const auto& [name, value] : plain) names.insert(folded(name));
    for (const auto& word : words_) {
        const auto equals = word.find('=');
        if (equals == std::string::npos || equals + 1 == word.size())
            return wrong(fmt::format("--secret-env {}: write NAME=REF, as TOKEN=account.api_token", word));
        Variable variable{word.substr(0, equals), word.substr(equals + 1)};
        if (!is_name(variable.name))
            return wrong(
                fmt::format("--secret-env {}: a name has letters, digits and _ . - ( ), begins with no "
                            "digit, and is at most {} long",
                            word, longest_name));
        if (!names.insert(folded(variable.name)).second)
            return wrong(fmt::format("--secret-env {}: the variable {} is given twice", word, variable.name));
        variables_.push_back(std::move(variable));
    }
    return {};
}

Result<void> SecretInputs::want(HostSecrets& secrets) const {
    for (const auto& variable : variables_) MULLION_TRY(secrets.want(variable.reference));
    if (!input_.empty()) MULLION_TRY(secrets.want(input_));
    return {};
}

Result<void> SecretInputs::fill(HostSecrets& secrets, client::RunOptions& options) {
    client::SecretVariables given;
    for (const auto& [name, reference] : variables_) {
        MULLION_ASSIGN(const auto value, secrets.value(reference));
        auto line = secrets::without_line_end(value);
        if (line.expose().size() > longest_variable)
            return wrong(
                fmt::format("--secret-env {}: {} is longer than {} bytes, which no variable can be; a "
                            "command reads it by --secret-stdin",
                            name, reference, longest_variable));
        given.emplace_back(name, std::move(line));
    }
    if (!given.empty())
        options.secret_environment = std::make_shared<const client::SecretVariables>(std::move(given));
    if (input_.empty()) return {};
    MULLION_ASSIGN(auto value, secrets.value(input_));
    inputs_ = inputs_of(std::move(value));
    return {};
}

}  // namespace mullion::cli
