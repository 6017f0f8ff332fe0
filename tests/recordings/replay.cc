#include "recordings/replay.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "recordings/form.h"
#include "recordings/meaning.h"
#include "wsman/shell.h"

namespace mullion::recordings {

namespace {

// Why `ours` is not the same as what was recorded; empty when it is.
std::string compare(std::string_view recorded, const Result<std::string>& ours,
                    Result<std::vector<std::string>> (*lines)(std::string_view)) {
    if (!ours) return ours.error().message();
    const auto theirs = lines(recorded);
    const auto mine = lines(ours.value());
    if (!theirs) return theirs.error().message();
    if (!mine) return "what we wrote cannot be read: " + mine.error().message();
    return first_difference(theirs.value(), mine.value());
}

// Ids that the host chose, as one answer tells them.
std::vector<std::string> chosen_ids(std::string_view answer) {
    const auto message = wsman::read_message(answer, wsman::wire_limits(answer.size()));
    if (!message) return {};
    if (const auto created = wsman::read_create_response(message.value())) return {created.value().shell_id};
    if (const auto command = wsman::read_command_response(message.value())) return {command.value()};
    return {};
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

// Asks the service in the recording's stead. It chooses ids of its own, so later requests are changed to
// those.
class Conversation {
public:
    explicit Conversation(Answerer& answerer) : answerer_(answerer) { answerer_.begin(); }

    void ask(const std::string& file, std::size_t index, const Pair& pair, Outcome& outcome) {
        auto request = pair.request;
        for (const auto& [recorded, ours] : ids_) replace_all(request, recorded, ours);
        const auto answer = answerer_.answer({file, index, request, pair.response});
        outcome.served = answer.has_value();
        if (!answer) {
            outcome.answered = "not served";
            return;
        }
        const auto recorded = chosen_ids(pair.response);
        const auto ours = chosen_ids(*answer);
        if (recorded.size() == 1 && ours.size() == 1) ids_[recorded[0]] = ours[0];
        outcome.answered = compare(pair.response, *answer, form_lines);
    }

private:
    Answerer& answerer_;
    std::map<std::string, std::string> ids_;
};

bool has_messages(const std::vector<Pair>& pairs) {
    return std::any_of(pairs.begin(), pairs.end(),
                       [](const Pair& pair) { return pair.request.starts_with("<"); });
}

std::vector<std::string> recordings_in(const std::string& folder) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".yml") paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    return paths;
}

Counts count(const Outcome& outcome) {
    return {1, outcome.read.empty() ? 1U : 0U, outcome.made.empty() ? 1U : 0U,
            outcome.served && outcome.answered.empty() ? 1U : 0U, outcome.served ? 1U : 0U};
}

void print_counts(std::string_view name, const Counts& counts, bool with_service, std::string_view note) {
    fmt::print("{:<48} {:>5} {:>6} {:>6} {:>8}{}{}\n", name, counts.pairs, counts.read, counts.made,
               with_service ? fmt::format("{}/{}", counts.answered, counts.served) : "-",
               note.empty() ? "" : "  ", note);
}

// Prints what does not hold; true when there is something.
bool report(std::size_t index, const Outcome& outcome, bool with_service) {
    bool faulty = false;
    const auto say = [&](std::string_view what, const std::string& why) {
        if (why.empty()) return;
        faulty = true;
        fmt::print("    FAULT message {} ({}) {}:\n          {}\n", index, to_string(outcome.kind), what,
                   why);
    };
    say("response is not read without loss", outcome.read);
    say("request is not reproduced", outcome.made);
    if (with_service && outcome.served) say("is not answered in the same form", outcome.answered);
    return faulty;
}

void replay_file(const std::string& path, Answerer* answerer, Totals& totals) {
    const auto name = std::filesystem::path(path).filename().string();
    const auto pairs = load_recording(path);
    if (!pairs) {
        fmt::print("{:<48} FAULT {}\n", name, pairs.error().message());
        ++totals.faults;
        return;
    }
    if (!has_messages(pairs.value())) {
        fmt::print("{:<48} no messages in it\n", name);
        return;
    }
    Counts counts;
    const auto outcomes = replay(name, pairs.value(), answerer);
    std::size_t waiting = 0;
    for (const auto& outcome : outcomes) {
        counts += count(outcome);
        totals.by_class[static_cast<std::size_t>(outcome.kind)] += count(outcome);
        if (!must_hold(outcome.kind)) ++waiting;
    }
    print_counts(name, counts, answerer != nullptr, waiting > 0 ? fmt::format("{} waiting", waiting) : "");
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (must_hold(outcomes[i].kind) && report(i, outcomes[i], answerer != nullptr)) ++totals.faults;
    ++totals.files;
}

}  // namespace

Counts& Counts::operator+=(const Counts& other) {
    pairs += other.pairs;
    read += other.read;
    made += other.made;
    answered += other.answered;
    served += other.served;
    return *this;
}

std::vector<Outcome> replay(const std::string& file, const std::vector<Pair>& pairs, Answerer* answerer) {
    std::optional<Conversation> conversation;
    if (answerer != nullptr) conversation.emplace(*answerer);
    std::vector<Outcome> outcomes;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto& pair = pairs[i];
        Outcome outcome;
        outcome.kind = classify(pair);
        outcome.read = compare(pair.response, rewrite_response(pair.response), canonical_lines);
        outcome.made = compare(pair.request, rewrite_request(pair.request), canonical_lines);
        if (conversation) conversation->ask(file, i, pair, outcome);
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

Totals replay_folder(const std::string& folder, Answerer* answerer) {
    Totals totals;
    fmt::print("{:<48} {:>5} {:>6} {:>6} {:>8}\n", "file", "pairs", "read", "made", "answered");
    for (const auto& path : recordings_in(folder)) replay_file(path, answerer, totals);
    fmt::print("\n");
    for (std::size_t i = 0; i < class_count; ++i) {
        const auto kind = static_cast<Class>(i);
        if (totals.by_class[i].pairs == 0) continue;
        print_counts(to_string(kind), totals.by_class[i], answerer != nullptr,
                     must_hold(kind) ? "" : "waiting");
    }
    fmt::print("{} files, {} faults\n", totals.files, totals.faults);
    return totals;
}

}  // namespace mullion::recordings
