// Secrets that a remote command reads: by a variable of its shell, or as its standard input. Never as a word
// of it.
#pragma once

#include <CLI/App.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/host_inputs.h"
#include "cli/host_secrets.h"
#include "client/client.h"
#include "core/result.h"

namespace mullion::cli {

// What Windows takes for one variable, and a shell of ours.
inline constexpr std::size_t longest_variable = 32'767;

class SecretInputs {
public:
    // --secret-env, --secret-stdin. Lives as long as `app`.
    void declare(CLI::App& app);

    // Names of variables, none of them twice, `plain` ones (--env) among them; no second standard input.
    // Errors: usage.invalid
    [[nodiscard]] Result<void> check(const std::vector<std::pair<std::string, std::string>>& plain,
                                     bool has_input);
    // To be looked up with what the hosts refer to. Errors: secrets.invalid (a reference that is none)
    [[nodiscard]] Result<void> want(HostSecrets& secrets) const;
    // Once that was looked up. Errors: of the look-up; usage.invalid (a value that no variable can have)
    [[nodiscard]] Result<void> fill(HostSecrets& secrets, client::RunOptions& options);

    // Null: --secret-stdin was not given. From fill() on.
    [[nodiscard]] HostInputs* inputs() const { return inputs_.get(); }

private:
    struct Variable {
        std::string name, reference;
    };

    std::vector<std::string> words_;
    std::vector<Variable> variables_;
    std::string input_;
    std::unique_ptr<HostInputs> inputs_;
};

}  // namespace mullion::cli
