#include "winrm/command_line.h"

#include <algorithm>

#include "core/nearest.h"
#include "core/printable.h"
#include "winrm/connection.h"
#include "winrm/error_code.h"
#include "winrm/letters.h"
#include "winrm/query.h"
#include "winrm/refuse.h"
#include "winrm/switches.h"

namespace mullion::winrm {
namespace {

using Id = SwitchId;
constexpr std::size_t most_bytes = 1024 * 1024;

struct OperationRow {
    Operation operation;
    std::string_view name;
    std::vector<std::string_view> aliases;
    std::size_t positionals;  // After its own name.
};

const std::vector<OperationRow>& operations() {
    static const std::vector<OperationRow> rows = {
        {Operation::get, "get", {"g"}, 1},
        {Operation::set, "set", {"s", "put", "p"}, 1},
        {Operation::create, "create", {"c"}, 1},
        {Operation::remove, "delete", {"d"}, 1},
        {Operation::enumerate, "enumerate", {"e", "enum"}, 1},
        {Operation::invoke, "invoke", {"i"}, 2},
        {Operation::identify, "identify", {"id"}, 0},
        {Operation::quickconfig, "quickconfig", {"qc"}, 0},
        {Operation::configsddl, "configsddl", {}, 1},
        {Operation::helpmsg, "helpmsg", {}, 1},
    };
    return rows;
}

const OperationRow* find_operation(std::string_view name) {
    for (const auto& row : operations()) {
        if (same_letters(row.name, name)) return &row;
        for (const auto alias : row.aliases) {
            if (same_letters(alias, name)) return &row;
        }
    }
    return nullptr;
}

constexpr std::string_view invalid_use = "Error: Invalid use of command line. Type \"winrm -?\" for help.";

// A bag in clear, put together of its words.
struct Bag {
    Bag() = default;
    Bag(const Bag&) = delete;
    Bag& operator=(const Bag&) = delete;
    ~Bag() { wipe(text); }
    std::string text;
    bool given = false;
};

struct Words {
    explicit Words(const Environment& environment) : switches(environment) {}
    std::vector<std::string> positionals;
    std::size_t before_switches = 0;  // Words in front of the first switch.
    Switches switches;
    bool help = false;
};

std::size_t bytes_of(std::span<const std::string_view> words) {
    std::size_t bytes = 0;
    for (const auto word : words) bytes += word.size() + 1;
    return bytes;
}

// "…" around a whole word goes; `\"` is `"`.
std::string plain(std::string_view word) {
    if (word.size() >= 2 && word.front() == '"' && word.back() == '"') word = word.substr(1, word.size() - 2);
    std::string out;
    for (std::size_t at = 0; at < word.size(); ++at) {
        if (word.substr(at, 2) == "\\\"") ++at;
        out += word[at];
    }
    return out;
}

class Sorter {
public:
    Sorter(Words& words, Bag& bag, std::vector<std::string>& joined)
        : to_(words), bag_(bag), joined_(joined) {}

    Result<void> sort(std::span<const std::string_view> words) {
        joined_.reserve(words.size());  // Views of them are kept.
        std::size_t places = 0;
        for (std::size_t at = 0; at < words.size(); ++at, ++places) {
            const auto word = words[at];
            if (word == "--help") to_.help = true;
            if (is_for_script_host(word)) continue;
            if (word.starts_with('@')) {
                // A second one is a positional too many.
                if (bag_.given) return refuse(std::string(invalid_use));
                bag_.given = true;
                bag_.text.reserve(bytes_of(words.subspan(at)));  // Once: growing would leave bytes behind.
                join(words, at, bag_.text);
                continue;
            }
            if (const auto parted = as_switch(word)) {
                if (to_.switches.given().empty() && to_.switches.unknown().empty())
                    to_.before_switches = places;
                MULLION_TRY(add(words, at, *parted));
                continue;
            }
            to_.positionals.push_back(plain(word));
        }
        if (to_.switches.given().empty() && to_.switches.unknown().empty()) to_.before_switches = places;
        to_.help = to_.help || to_.switches.has(Id::help);
        return {};
    }

private:
    // The word at `at`, and those after it as long as a brace is open.
    static void join(std::span<const std::string_view> words, std::size_t& at, std::string& out) {
        out += words[at];
        while (goes_on(out) && at + 1 < words.size()) {
            out += ' ';
            out += words[++at];
        }
    }

    Result<void> add(std::span<const std::string_view> words, std::size_t& at, const SwitchWord& parted) {
        const auto first = at;
        std::string whole;
        if (parted.value.starts_with('{')) join(words, at, whole);
        if (at == first) return to_.switches.add(parted);
        joined_.push_back(std::move(whole));
        return to_.switches.add(*as_switch(joined_.back()));
    }

    Words& to_;
    Bag& bag_;
    std::vector<std::string>& joined_;
};

bool allowed(SwitchSet set, Operation operation) {
    const bool quickconfig = operation == Operation::quickconfig;
    switch (set) {
        case SwitchSet::everywhere:
            return true;
        case SwitchSet::quickconfig:
            return quickconfig;
        case SwitchSet::connection:
            return !quickconfig;
        case SwitchSet::document:
            return !quickconfig && operation != Operation::identify;
        case SwitchSet::enumeration:
            return operation == Operation::enumerate;
    }
    return false;
}

bool takes_input(Operation operation) {
    return operation == Operation::set || operation == Operation::create || operation == Operation::invoke;
}

// One line for each switch that cannot be, then the last word on it.
Result<void> check_places(const Words& words, const OperationRow& row) {
    const bool right_count = words.positionals.size() == row.positionals + 1;
    bool valid = right_count && words.before_switches >= row.positionals + 1;
    std::string lines;
    for (const auto& name : words.switches.unknown()) lines += "Error: Unknown switch: " + name + "\n";
    for (const auto id : words.switches.given()) {
        const auto& known = switch_table()[static_cast<std::size_t>(id)];
        if (allowed(known.set, row.operation)) continue;
        lines += "Error: Switch not allowed with the given operation: " + std::string(known.name) + "\n";
    }
    valid = valid && lines.empty();
    if (valid) return {};
    auto error = refuse(lines + std::string(invalid_use));
    for (const auto& name : words.switches.unknown()) {
        std::vector<std::string_view> names;
        for (const auto& known : switch_table()) names.push_back(known.name);
        const auto meant = nearest(name, names);
        if (!meant.empty()) error.advice.push_back("Did you mean -" + std::string(meant) + "?");
    }
    if (!right_count && row.operation != Operation::quickconfig && row.operation != Operation::identify) {
        error.advice.push_back("Quote words that hold '?', '*', '{' or blanks for the shell.");
    }
    return error;
}

Result<Format> format_of(const Switches& switches) {
    if (!switches.has(Id::format)) return Format::text;
    auto text = switches.text(Id::format);
    if (text.starts_with('#')) text.erase(0, 1);
    if (same_letters(text, "text")) return Format::text;
    if (same_letters(text, "xml")) return Format::xml;
    if (same_letters(text, "pretty")) return Format::pretty;
    return refuse("Invalid option for -format: \"" + text + "\"");
}

Result<void> read_quickconfig(const Switches& switches, Request& to) {
    to.quiet = switches.has(Id::quiet);
    to.force = switches.has(Id::force);
    if (!switches.has(Id::transport)) return {};
    const auto text = switches.text(Id::transport);
    to.https = same_letters(text, "https");
    if (to.https || same_letters(text, "http")) return {};
    return refuse_with_error("The specified '-transport' flag '" + text + "' has an invalid value.");
}

Result<void> read_resource(const Words& words, Request& to) {
    if (to.operation == Operation::identify || to.operation == Operation::quickconfig) return {};
    if (to.operation == Operation::invoke) {
        to.action = words.positionals[1];
        if (to.action.empty()) return refuse_with_error("Action is missing");
        if (last_word(to.action).empty()) {
            return refuse_with_error("Invalid URI - cannot locate last token for root node name");
        }
    }
    const auto& text = words.positionals.back();
    to.root_sddl = to.operation == Operation::configsddl && same_letters(text, "default");
    if (to.root_sddl) return {};
    MULLION_ASSIGN(to.resource, parse_resource(text));
    const bool names_root = to.operation == Operation::set || to.operation == Operation::create;
    if (names_root && last_word(to.resource.given).empty()) {
        return refuse_with_error("Invalid URI - cannot locate last token for root node name");
    }
    return {};
}

Result<void> read_input(const Switches& switches, const Bag& bag, Request& to) {
    to.file = switches.text(Id::file);
    if (bag.given) {
        MULLION_ASSIGN(to.input, parse_property_bag(std::string_view(bag.text).substr(1)));
    }
    // winrm takes the properties and leaves the file unread.
    if (!to.input.empty() && !to.file.empty()) {
        return refuse_with_error("The '-file' option cannot be used together with @{...}");
    }
    if (to.operation == Operation::set && to.input.empty() && to.file.empty()) {
        return refuse_with_error(
            "No input provided through \"@{...}\" or \"-file:\" commandline parameters.");
    }
    if (switches.has(Id::options)) {
        MULLION_ASSIGN(to.options, parse_plain_bag(switches.text(Id::options)));
    }
    to.fragment = switches.text(Id::fragment);
    return {};
}

// A service tells nobody more than who it is.
Result<void> check_nobody(const Request& request) {
    if (request.connection.authentication != Authentication::none) return {};
    if (request.operation == Operation::identify) return {};
    return refuse_with_error("The '-auth:none' option is only valid when used with the 'identify' operation",
                             "Log on: with -username:NAME, or with a ticket (kinit).");
}

Result<CommandLine> request_of(const Words& words, const Bag& bag, const OperationRow& row) {
    Request request;
    request.operation = row.operation;
    if ((bag.given || words.switches.has(Id::file)) && !takes_input(row.operation)) {
        return refuse_with_error("Input was supplied to an operation that does not accept input.");
    }
    MULLION_TRY(check_places(words, row));
    MULLION_ASSIGN(request.format, format_of(words.switches));
    MULLION_ASSIGN(request.connection, connection_of(words.switches));
    MULLION_TRY(check_nobody(request));
    MULLION_TRY(read_resource(words, request));
    MULLION_TRY(read_input(words.switches, bag, request));
    MULLION_ASSIGN(request.query, query_of(words.switches, row.operation));
    MULLION_TRY(read_quickconfig(words.switches, request));
    return CommandLine(std::move(request));
}

// Its number may begin with '-', and is no switch then.
Result<CommandLine> help_message(std::span<const std::string_view> words) {
    if (words.size() > 2) return refuse(std::string(invalid_use));
    Request request;
    request.operation = Operation::helpmsg;
    const auto asks = [](std::string_view word) {
        return word == "-?" || word == "/?" || same_letters(word, "--help") || same_letters(word, "-help");
    };
    if (words.size() < 2 || asks(words[1])) return CommandLine(Help{"helpmsg"});
    const auto code = parse_error_code(words[1]);
    if (!code) {
        auto error = refuse_with_error("Invalid error code: \"" + one_line(words[1]) + "\"");
        error.advice.emplace_back("Write it in decimal or hex, as 2150858770, -2144108526 or 0x80338012.");
        return error;
    }
    request.error_code = *code;
    return CommandLine(std::move(request));
}

std::string topic_of(std::string_view word) {
    const auto* row = find_operation(word);
    return row != nullptr ? std::string(row->name) : lower(word.empty() ? "help" : word);
}

}  // namespace

std::string_view to_string(Operation operation) {
    return operations()[static_cast<std::size_t>(operation)].name;
}

Result<CommandLine> parse_command_line(std::span<const std::string_view> words,
                                       const Environment& environment) {
    if (bytes_of(words) > most_bytes) return refuse_with_error("The command line is over 1 MiB");
    if (!words.empty() && same_letters(words[0], "helpmsg")) return help_message(words);
    Words sorted(environment);
    Bag bag;
    std::vector<std::string> joined;
    MULLION_TRY(Sorter(sorted, bag, joined).sort(words));
    const auto& positionals = sorted.positionals;
    const std::string first = positionals.empty() ? std::string() : positionals[0];
    if (same_letters(first, "help") || (first.empty() && sorted.help)) {
        return CommandLine(Help{topic_of(positionals.size() > 1 ? positionals[1] : std::string())});
    }
    if (words.empty()) return CommandLine(Help{"help"});
    if (sorted.help) return CommandLine(Help{topic_of(first)});
    const auto* row = find_operation(first);
    if (row == nullptr) {
        auto error = refuse_with_error("Unknown operation name: \"" + lower(first) + "\"");
        std::vector<std::string_view> names;
        for (const auto& known : operations()) names.push_back(known.name);
        const auto meant = nearest(first, names);
        if (!meant.empty()) error.advice.push_back("Did you mean " + std::string(meant) + "?");
        return error;
    }
    return request_of(sorted, bag, *row);
}

}  // namespace mullion::winrm
