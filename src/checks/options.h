// Options of checks as a table: the command line, Centreon's command line and the documents are made from it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::checks {

struct OptionSpec {
    enum class Kind : unsigned char { flag, value, list };
    std::string name;  // Without dashes: "filter-name".
    Kind kind = Kind::value;
    std::string fallback =
        {};  // Of a value: what holds without the option, shown in the help. Empty: nothing.
    std::string type_name = {};  // "REGEX", "SECONDS": for the help.
    std::string help = {};
    std::string same_as = {};  // Another name of that option; the later on the command line wins.
    // The value is the name of a file of at most so many bytes. Modes do no I/O: who read the command line
    // puts the file's text in the name's place. 0: it is no file.
    std::size_t file = 0;
};

// What was given. A value may be there and empty, which modes tell from one that was not given.
class Words {
public:
    void set(std::string_view name, std::string value);  // The last one wins.
    void add(std::string_view name, std::string value);  // Of a list.
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
    // Empty where there is none, or an empty one.
    [[nodiscard]] std::string_view text(std::string_view name) const;
    [[nodiscard]] std::span<const std::string> all(std::string_view name) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> given_;
};

}  // namespace mullion::checks
