#include "cli/masking.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;

void clean(std::string& text) {
    text = masks().masked(std::move(text));
}

void clean(std::vector<std::string>& texts) {
    for (auto& text : texts) clean(text);
}

void clean(wsman::cim::Reference& reference);

void clean(wsman::cim::Value& value) {
    clean(value.text);
    for (auto& reference : value.reference) clean(reference);
    for (auto& instance : value.instance) mask(instance);
}

void clean(wsman::cim::Reference& reference) {
    for (auto& key : reference.keys) {
        clean(key.value);
        for (auto& inner : key.reference) clean(inner);
    }
}

void clean(std::vector<wsman::ConfigDocument>& documents) {
    for (auto& document : documents)
        for (auto& value : document.values) clean(value.text);
}

void clean(std::optional<std::string>& text) {
    if (text) clean(*text);
}

// Words of a fixed list, hosts as the operator named them, and streams, which were masked as they came.
bool is_ours(std::string_view key) {
    constexpr std::array ours{"host",   "status",        "state",        "id",        "check",
                              "mode",   "works",         "action",       "transport", "stdout",
                              "stderr", "stdout_base64", "stderr_base64"};
    return std::find(ours.begin(), ours.end(), key) != ours.end();
}

class MaskedLogger final : public Logger {
public:
    explicit MaskedLogger(std::unique_ptr<Logger> log) : log_(std::move(log)) {}
    [[nodiscard]] bool enabled(LogLevel level) const override { return log_->enabled(level); }
    void write(LogLevel level, std::string_view line) override {
        if (masks().any())
            log_->write(level, masks().masked(std::string(line)));
        else
            log_->write(level, line);
    }

private:
    std::unique_ptr<Logger> log_;
};

}  // namespace

secrets::Masks& masks() {
    static secrets::Masks of_the_process;
    return of_the_process;
}

std::vector<std::string> hide(std::span<const Secret> values) {
    masks().add(values);
    return masks().notices();
}

std::string masked(std::string text) {
    return masks().any() ? masks().masked(std::move(text)) : text;
}

Error masked(Error error) {
    if (!masks().any()) return error;
    clean(error.detail);
    clean(error.tried);
    clean(error.advice);
    clean(error.offered);
    return error;
}

void mask(wsman::cim::Instance& instance) {
    if (!masks().any()) return;
    for (auto& property : instance.properties)
        for (auto& value : property.values) clean(value);
}

// Its error is masked where it is told.
void mask(client::CimOutcome& outcome) {
    if (!masks().any()) return;
    if (outcome.instance) mask(*outcome.instance);
    if (outcome.created) clean(*outcome.created);
    if (!outcome.method) return;
    mask(outcome.method->outputs);
    clean(outcome.method->return_value);
}

void mask(client::ConfigOutcome& outcome) {
    if (!masks().any()) return;
    clean(outcome.read.documents);
    clean(outcome.plan.warnings);
    for (auto& change : outcome.plan.changes) {
        for (auto& difference : change.differences) {
            clean(difference.from);
            clean(difference.to);
        }
    }
}

void mask(doctor::Finding& finding) {
    if (!masks().any()) return;
    clean(finding.seen);
    clean(finding.on_host);
    clean(finding.here);
    if (finding.error) finding.error = masked(std::move(*finding.error));
    if (finding.own_likely) clean(*finding.own_likely);
    if (finding.own_next) clean(*finding.own_next);
}

void mask(Json& json) {
    if (!masks().any()) return;
    if (json.is_string()) {
        clean(json.get_ref<std::string&>());
    } else if (json.is_array()) {
        for (auto& item : json) mask(item);
    } else if (json.is_object()) {
        for (auto& [key, value] : json.items())
            if (!is_ours(key)) mask(value);
    }
}

std::unique_ptr<Logger> masked(std::unique_ptr<Logger> log) {
    return std::make_unique<MaskedLogger>(std::move(log));
}

}  // namespace mullion::cli
