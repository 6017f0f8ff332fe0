#include "simulate/windows_side.h"

#include <fmt/format.h>

#include <algorithm>

#include "encoding/base64.h"

namespace mullion::simulate {
namespace {

constexpr std::size_t most_steps = 1'000;
constexpr std::string_view any_value = "*";

// What stands between `before` and `after`, from `at` on; nothing where they do not stand there.
std::optional<std::string> between(const std::string& text, std::string_view before, std::string_view after,
                                   std::size_t at = 0) {
    const auto begin = text.find(before, at);
    if (begin == std::string::npos) return std::nullopt;
    const auto from = begin + before.size();
    const auto end = text.find(after, from);
    if (end == std::string::npos) return std::nullopt;
    return text.substr(from, end - from);
}

// "'a', 'b'"
std::vector<std::string> names_in(const std::string& list) {
    std::vector<std::string> names;
    for (std::size_t at = list.find('\''); at != std::string::npos; at = list.find('\'', at + 1)) {
        const auto end = list.find('\'', at + 1);
        if (end == std::string::npos) break;
        names.push_back(list.substr(at + 1, end - at - 1));
        at = end;
    }
    return names;
}

// Rights of a group, the same for whichever account they are wanted.
bool is_shared(std::string_view text) {
    return text.find("' 'WmiNamespace' @{") != std::string_view::npos ||
           text.find("' 'RootSddl' @{") != std::string_view::npos;
}

// What a step asks for: of shared rights without the account's name.
std::string wish_of(const ScriptStep& step) {
    if (!is_shared(step.text)) return step.text;
    const auto user = step.text.find("@{ User = ");
    const auto group = step.text.find("; Group = ");
    if (user == std::string::npos || group == std::string::npos || group < user) return step.text;
    return step.text.substr(0, user) + step.text.substr(group);
}

std::vector<ScriptStep> steps_of(const std::string& script) {
    std::vector<ScriptStep> steps;
    constexpr std::string_view call = "\nAdd-Step '";
    for (auto at = script.find(call); at != std::string::npos && steps.size() < most_steps;
         at = script.find(call, at + 1)) {
        const auto end = script.find('\n', at + 1);
        ScriptStep step;
        step.text = script.substr(at + 1, end - at - 1);
        step.id = between(step.text, "Add-Step '", "'").value_or("");
        step.needs = names_in(between(step.text, "@(", ")").value_or(""));
        steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace

std::optional<PrepareScript> read_prepare_input(const std::string& input) {
    const auto line = input.find('\n');
    if (line == std::string::npos) return std::nullopt;
    const auto decoded = encoding::base64_decode(std::string_view(input).substr(line + 1));
    if (!decoded) return std::nullopt;
    PrepareScript script;
    script.has_password = !input.substr(0, line).ends_with(" -");
    script.journal = between(*decoded, "\n$MullionName = '", "'").value_or("");
    script.mode = between(*decoded, "[string]$Mode = '", "'").value_or("");
    script.steps = steps_of(*decoded);
    if (script.journal.empty() || (script.mode != "Apply" && script.mode != "Check" && script.mode != "Undo"))
        return std::nullopt;
    return script;
}

WindowsSide::Value WindowsSide::value_of(const std::string& id) const {
    if (const auto found = changed_.find(id); found != changed_.end()) return found->second;
    if (spec_->all || spec_->done.contains(id)) return std::string(any_value);
    return std::nullopt;
}

bool WindowsSide::is_so(const ScriptStep& step) const {
    const auto value = value_of(step.id);
    return value && (*value == any_value || *value == wish_of(step));
}

// One run of a script.
class WindowsSide::Run {
public:
    Run(WindowsSide& side, const PrepareScript& script)
        : side_(side), script_(script), journal_(side.journals_[script.journal]) {}

    Played play() {
        played_.output = fmt::format("mullion-prepare\t1\t{}\t{}\r\n", script_.journal, script_.mode);
        if (script_.mode == "Undo")
            undo();
        else
            for (const auto& step : script_.steps) one(step);
        if (journal_.empty()) side_.journals_.erase(script_.journal);
        if (!over_) played_.output += fmt::format("mullion-end\t{}\r\n", played_.exit_code);
        return std::move(played_);
    }

private:
    void tell(const std::string& id, const std::string& state, const std::string& detail) {
        if (over_) return;
        states_[id] = state;
        const bool check = script_.mode == "Check";
        if (state == "failed" || (state == "skipped" && !check)) played_.exit_code = 1;
        if (state != "ok" && check && played_.exit_code == 0) played_.exit_code = 2;
        played_.output += fmt::format("mullion-step\t{}\t{}\t{}\r\n", id, state, detail);
        if (id != side_.spec_->ends_after) return;
        over_ = true;
        played_.exit_code = 1;
    }

    // The first need that is in one of these states.
    std::string blocked_by(const ScriptStep& step, bool skipped_too) const {
        for (const auto& need : step.needs) {
            const auto found = states_.find(need);
            if (found == states_.end()) continue;
            if (found->second == "failed" || (skipped_too && found->second == "skipped")) return need;
        }
        return {};
    }

    void one(const ScriptStep& step) {
        if (over_) return;
        const bool check = script_.mode == "Check";
        const auto blocked = blocked_by(step, !check);
        if (!blocked.empty()) return tell(step.id, "skipped", "because of " + blocked);
        if (side_.is_so(step)) return tell(step.id, "ok", "as it should be");
        if (check) return tell(step.id, "changed", "not as it should be");
        if (const auto fails = side_.spec_->fails.find(step.id); fails != side_.spec_->fails.end())
            return tell(step.id, "failed", fails->second);
        if (step.text.find("' 'LocalUser' @{") != std::string::npos && !script_.has_password)
            return tell(step.id, "failed", "the account has to be made, and no password came for it");
        change(step);
        tell(step.id, "changed", "as it should be (was: not)");
    }

    // What a step found the first time stays what its undo goes back to.
    void change(const ScriptStep& step) {
        const auto same = [&](const Entry& entry) { return entry.id == step.id; };
        if (std::none_of(journal_.begin(), journal_.end(), same))
            journal_.push_back({step.id, step.needs, side_.value_of(step.id), is_shared(step.text)});
        side_.changed_[step.id] = wish_of(step);
    }

    static bool needs(const Entry& other, const Entry& entry) {
        return std::find(other.needs.begin(), other.needs.end(), entry.id) != other.needs.end();
    }

    // Undone next: the last that no other needs, as the script does it.
    static std::vector<Entry>::iterator next_of(std::vector<Entry>& todo) {
        const auto found = std::find_if(todo.rbegin(), todo.rend(), [&](const Entry& entry) {
            return std::none_of(todo.begin(), todo.end(),
                                [&](const Entry& other) { return needs(other, entry); });
        });
        return found == todo.rend() ? std::prev(todo.end()) : std::prev(found.base());
    }

    void undo() {
        std::vector<Entry> left;
        while (!journal_.empty()) {
            const auto next = next_of(journal_);
            const Entry entry = std::move(*next);
            journal_.erase(next);
            if (!put_back(entry, left)) left.insert(left.begin(), entry);
        }
        journal_ = std::move(left);
        for (const auto& step : script_.steps)
            if (!states_.contains(step.id)) tell(step.id, "ok", "nothing to put back");
    }

    bool put_back(const Entry& entry, const std::vector<Entry>& left) {
        if (over_) return false;
        for (const auto& other : left)
            if (needs(other, entry)) {
                tell(entry.id, "skipped", "because of " + other.id);
                return false;
            }
        if (const auto fails = side_.spec_->fails.find(entry.id); fails != side_.spec_->fails.end()) {
            tell(entry.id, "failed", fails->second);
            return false;
        }
        if (hand_on(entry)) {
            tell(entry.id, "ok", "stays for another account");
            return true;
        }
        side_.changed_[entry.id] = entry.before;
        tell(entry.id, "changed", "as it was");
        return true;
    }

    // To the journal of another account, which needs the same rights: its undo puts them back.
    bool hand_on(const Entry& entry) {
        if (!entry.shared) return false;
        for (auto& [name, journal] : side_.journals_) {
            const bool account = name.starts_with("monitoring-user-") || name.starts_with("domain-");
            if (!account || name == script_.journal || journal.empty()) continue;
            const auto same = [&](const Entry& other) { return other.id == entry.id; };
            if (std::any_of(journal.begin(), journal.end(), same)) continue;
            journal.push_back(entry);
            return true;
        }
        return false;
    }

    WindowsSide& side_;
    const PrepareScript& script_;
    std::vector<Entry>& journal_;
    std::map<std::string, std::string> states_;
    bool over_ = false;
    Played played_;
};

WindowsSide::Played WindowsSide::play(const PrepareScript& script) {
    return Run(*this, script).play();
}

}  // namespace mullion::simulate
