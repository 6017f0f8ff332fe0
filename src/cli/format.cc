#include "cli/format.h"

#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>

#include <map>

namespace mullion::cli {

void declare_format(CLI::App& app, Format& format) {
    const std::map<std::string, Format> names{
        {"text", Format::text}, {"json", Format::json}, {"jsonl", Format::jsonl}};
    app.add_option_function<std::string>(
           "--output", [names, &format](const std::string& name) { format = names.at(name); },
           "text: as it arrives; json: one document; jsonl: one line per host, as it ends")
        ->check(CLI::IsMember({"text", "json", "jsonl"}))
        ->type_name("text|json|jsonl");
}

}  // namespace mullion::cli
