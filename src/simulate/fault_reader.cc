// faults: what goes wrong, where, and how often.
#include <algorithm>
#include <array>

#include "simulate/fleet_reader.h"

namespace mullion::simulate {
namespace {

using Entry = yaml::Node::Entry;
using Do = FaultRule::Do;

struct StepName {
    std::string_view name;
    Step step;
};
constexpr std::array<StepName, step_count> steps{{
    {"connect", Step::connect},
    {"handshake", Step::handshake},
    {"identify", Step::identify},
    {"create", Step::create},
    {"command", Step::command},
    {"receive", Step::receive},
    {"send", Step::send},
    {"signal", Step::signal},
    {"delete", Step::remove},
    {"enumerate", Step::enumerate},
    {"pull", Step::pull},
    {"release", Step::release},
    {"get", Step::get},
    {"put", Step::put},
    {"invoke", Step::invoke},
    {"other", Step::other},
}};

// What can be done where: before there is a message there is nothing to garble.
enum Where : unsigned { at_connect = 1, at_handshake = 2, at_messages = 4 };
struct DoName {
    std::string_view name;
    Do what;
    unsigned where;
    bool has_after;  // "when: after" says something.
};
constexpr std::array<DoName, 9> deeds{{
    {"drop", Do::drop, at_connect | at_handshake | at_messages, true},
    {"stall", Do::stall, at_connect | at_handshake | at_messages, true},
    {"delay", Do::delay, at_connect | at_handshake | at_messages, true},
    {"http", Do::http, at_handshake | at_messages, true},
    {"fault", Do::fault, at_messages, true},
    {"garble", Do::garble, at_messages, false},
    {"truncate", Do::truncate, at_messages, false},
    {"wrong_relates_to", Do::wrong_relates_to, at_messages, false},
    {"slow", Do::slow, at_handshake | at_messages, false},
}};

// A rule as its keys come, and which of them were there.
struct Draft {
    FaultRule rule;
    bool has_step = false;
    const DoName* deed = nullptr;
    bool has_when = false;
    bool has_status = false;
    bool has_code = false;
    bool has_for = false;
    bool has_bytes = false;
    bool has_pause = false;
    unsigned occurrences = 0;
};

template <std::size_t N, class Row>
std::string names_of(const std::array<Row, N>& rows) {
    std::string out;
    for (const auto& row : rows) out += (out.empty() ? "" : ", ") + std::string(row.name);
    return out;
}

Result<void> read_hosts(FileReader&, Draft& into, const Entry& entry) {
    if (entry.value.kind == yaml::Node::Kind::scalar) {
        into.rule.hosts.push_back(entry.value.scalar);
        return {};
    }
    MULLION_TRY(expect_list(entry));
    for (const auto& node : entry.value.list) {
        if (node.kind != yaml::Node::Kind::scalar)
            return at_line(node.line, "host is a name, a glob, or a list of them");
        into.rule.hosts.push_back(node.scalar);
    }
    return {};
}

template <Match::How how>
Result<void> command(FileReader&, Draft& into, const Entry& entry) {
    if (into.rule.command) return at_line(entry.line, "the command is compared with one text");
    MULLION_ASSIGN(Match match, read_match(how, entry));
    into.rule.command = std::move(match);
    return {};
}

Result<void> read_step(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(const std::string word, text_of(entry));
    const auto found = std::find_if(steps.begin(), steps.end(), [&](auto& row) { return row.name == word; });
    if (found == steps.end()) return at_line(entry.line, fmt::format("step is one of {}", names_of(steps)));
    into.rule.step = found->step;
    into.has_step = true;
    return {};
}

Result<void> read_do(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(const std::string word, text_of(entry));
    const auto found = std::find_if(deeds.begin(), deeds.end(), [&](auto& row) { return row.name == word; });
    if (found == deeds.end()) return at_line(entry.line, fmt::format("do is one of {}", names_of(deeds)));
    into.rule.what = found->what;
    into.deed = &*found;
    return {};
}

Result<void> read_when(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(const std::string word, text_of(entry));
    if (word != "before" && word != "after") return at_line(entry.line, "when is before or after");
    into.rule.after = word == "after";
    into.has_when = true;
    return {};
}

template <auto member>
Result<void> occurrence(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(into.rule.*member, number_of(entry, 1, 1'000'000'000));
    ++into.occurrences;
    return {};
}

Result<void> read_probability(FileReader&, Draft& into, const Entry& entry) {
    MULLION_ASSIGN(const std::string word, text_of(entry));
    // "0.25", "1": what a delay's number looks like, in milliseconds of a second.
    const auto parts = parse_delay(word);
    const bool plain = word.find_first_not_of("0123456789.") == std::string::npos;
    if (!plain || !parts || *parts > Duration(1000))
        return at_line(entry.line, "probability is a number from 0 to 1, in thousandths at the finest");
    into.rule.probability = static_cast<double>(parts->count()) / 1000;
    ++into.occurrences;
    return {};
}

constexpr std::array<Key<Draft>, 17> fault_keys{{
    {"host", read_hosts},
    {"command", command<Match::How::exact>},
    {"glob", command<Match::How::glob>},
    {"contains", command<Match::How::contains>},
    {"regex", command<Match::How::regex>},
    {"step", read_step},
    {"nth", occurrence<&FaultRule::nth>},
    {"every", occurrence<&FaultRule::every>},
    {"probability", read_probability},
    {"times",
     [](FileReader&, Draft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.rule.times, number_of(entry, 1, 1'000'000'000));
         return {};
     }},
    {"do", read_do},
    {"when", read_when},
    {"status",
     [](FileReader&, Draft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(const auto status, number_of(entry, 400, 599));
         into.rule.status = static_cast<int>(status);
         into.has_status = true;
         return {};
     }},
    {"code",
     [](FileReader&, Draft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.rule.code, code_of(entry));
         into.has_code = true;
         return {};
     }},
    {"for",
     [](FileReader&, Draft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.rule.how_long, delay_of(entry));
         into.has_for = true;
         return {};
     }},
    {"bytes",
     [](FileReader&, Draft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.rule.bytes, size_of(entry));
         into.has_bytes = true;
         return {};
     }},
    {"pause",
     [](FileReader&, Draft& into, const Entry& entry) -> Result<void> {
         MULLION_ASSIGN(into.rule.pause, delay_of(entry));
         into.has_pause = true;
         return {};
     }},
}};

// Steps that belong to a command: those whose messages name one, and Command itself.
bool has_command(Step step) {
    return step == Step::command || step == Step::receive || step == Step::send || step == Step::signal;
}

// What a key is for; nothing when all of them make sense together.
std::optional<std::string_view> nonsense(const Draft& draft) {
    const Do what = draft.rule.what;
    const unsigned place = draft.rule.step == Step::connect     ? at_connect
                           : draft.rule.step == Step::handshake ? at_handshake
                                                                : at_messages;
    if ((draft.deed->where & place) == 0) return "that cannot be done at that step";
    if (draft.rule.command && !has_command(draft.rule.step))
        return "a command is known at the steps command, receive, send and signal";
    if (draft.occurrences > 1) return "nth, every and probability exclude each other";
    if (draft.has_when && (!draft.deed->has_after || place != at_messages))
        return "when is for drop, stall, delay, http and fault, at the steps of messages";
    if (draft.has_status && what != Do::http) return "status is for do: http";
    if (draft.has_code != (what == Do::fault)) return "code is for do: fault, which needs it";
    if (draft.has_for && what != Do::stall && what != Do::delay) return "for is for do: stall and do: delay";
    if (what == Do::delay && (!draft.has_for || draft.rule.how_long == never))
        return "do: delay needs for, a time that ends";
    if (draft.has_bytes && what != Do::truncate && what != Do::slow)
        return "bytes is for do: truncate and do: slow";
    if (draft.has_pause != (what == Do::slow) || draft.rule.pause == never)
        return "pause is for do: slow, which needs it";
    return std::nullopt;
}

}  // namespace

void list_fault_keys(FleetKeys& into) {
    into["fault"] = names_of_keys(fault_keys);
}

std::string_view step_name(Step step) {
    return steps.at(static_cast<std::size_t>(step)).name;
}

Result<FaultRule> read_fault(FileReader& reader, const yaml::Node& node) {
    Draft draft;
    MULLION_TRY(read_map(reader, draft, node, fault_keys, "a fault"));
    if (!draft.has_step || draft.deed == nullptr) return at_line(node.line, "a fault needs step and do");
    if (const auto why = nonsense(draft)) return at_line(node.line, *why);
    if (draft.rule.what == Do::slow && draft.rule.bytes == 0) draft.rule.bytes = 1;
    return std::move(draft.rule);
}

}  // namespace mullion::simulate
