#include "cli/seconds.h"

#include <CLI/Error.hpp>
#include <CLI/Option.hpp>

#include "target/option_values.h"

namespace mullion::cli {

void declare_seconds(CLI::App& app, const std::string& name, std::optional<Duration>& into,
                     const std::string& help) {
    app.add_option_function<std::string>(
           name,
           [name, &into](const std::string& text) {
               const auto value = target::parse_seconds(text);
               if (!value.ok()) throw CLI::ValidationError(name, value.error().detail);
               into = value.value();
           },
           help)
        ->type_name("SECONDS");
}

}  // namespace mullion::cli
