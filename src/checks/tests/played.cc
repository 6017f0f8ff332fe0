#include "checks/tests/played.h"

#include <cstdlib>
#include <ctime>

#include "xml/document.h"

namespace mullion::checks::tests {
namespace {

constexpr std::string_view namespaces =
    R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common")";

std::string quoted_label(const Perfdatum& datum) {
    std::string label;
    for (const auto& instance : datum.instances) label += (label.empty() ? "" : "~") + instance;
    label += (label.empty() ? "" : "#") + (datum.legacy.empty() ? datum.name : datum.legacy);
    std::string out;
    for (const char c : label) out += c == '\'' ? "''" : std::string(1, c);
    return out;
}

std::string joined(const Report& report, Status status) {
    std::string out;
    for (const auto& text : report.texts) {
        if (text.status == status) out += (out.empty() ? "" : " - ") + text.text;
    }
    return out;
}

}  // namespace

wsman::cim::Instance instance(std::string_view xml) {
    auto document = xml::Document::parse(xml);
    EXPECT_TRUE(document.ok()) << xml;
    auto read = wsman::cim::read_instance(document->root());
    EXPECT_TRUE(read.ok()) << xml;
    return std::move(*read);
}

wsman::cim::Instance fragment(std::string_view children) {
    return instance("<w:XmlFragment" + std::string(namespaces) + ">" + std::string(children) +
                    "</w:XmlFragment>");
}

Answer rows(std::vector<std::string_view> fragments) {
    Rows all;
    for (const auto one : fragments) all.push_back(fragment(one));
    return {std::move(all)};
}

Answer failed(Error error) {
    return {std::move(error)};
}

Words words_of(std::initializer_list<std::pair<std::string_view, std::string>> options) {
    Words words;
    for (const auto& [name, value] : options) words.set(name, value);
    return words;
}

Answer output(std::string out, std::string err, std::uint32_t exit_code) {
    return {CommandOutput{exit_code, std::move(out), std::move(err)}};
}

Answer returned(std::string_view code, std::string_view outputs) {
    wsman::cim::MethodResult result;
    result.return_value = wsman::cim::Value(wsman::cim::Scalar(code));
    result.outputs = fragment(outputs);
    return {std::move(result)};
}

namespace {

const Ask* question(const Played& played, std::size_t at) {
    for (const auto& round : played.rounds) {
        if (at < round.size()) return &round[at];
        at -= round.size();
    }
    return nullptr;
}

}  // namespace

std::string Played::wql(std::size_t at) const {
    const auto* ask = question(*this, at);
    if (ask == nullptr) return "no question";
    const auto* query = std::get_if<Query>(ask);
    return query == nullptr ? "no query" : query->wql;
}

std::string Played::asked(std::size_t at) const {
    const auto* ask = question(*this, at);
    if (ask == nullptr) return "no question";
    if (const auto* command = std::get_if<Command>(ask)) return command->text;
    const auto* call = std::get_if<Call>(ask);
    if (call == nullptr) return "no call";
    auto said = call->method + " " + call->of.of.cim_namespace + ":" + call->of.of.class_name;
    for (const auto& argument : call->arguments) said += " " + argument.values.front().text;
    return said;
}

std::string printed(const Report& report) {
    std::string out;
    const auto word = [&](Status status) {
        return report.labelled ? std::string(status_word(status)) + ": " : std::string();
    };
    for (const auto status : {Status::critical, Status::warning, Status::unknown}) {
        const auto text = joined(report, status);
        if (!text.empty()) out += word(status) + text + " ";
    }
    if (report.status() == Status::ok) out += word(Status::ok) + joined(report, Status::ok) + " ";
    if (!report.metrics.empty()) out += "|";
    for (const auto& datum : report.metrics) {
        out += " '" + quoted_label(datum) + "'=" + datum.value + datum.unit + ";" + datum.warning + ";" +
               datum.critical + ";" + datum.min + ";" + datum.max;
    }
    out += "\n";
    for (const auto& line : report.lines) out += line + "\n";
    return out;
}

Played play(const ModeInfo& info, Stage stage) {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    ManualClock clock;
    const auto wanted = WallTime(std::chrono::seconds(stage.unix_time));
    clock.advance(std::chrono::duration_cast<Duration>(wanted - clock.wall()));
    const Setting setting{stage.words, "host.example.com", 5986, clock, stage.compat};
    Played played;
    played.samples = std::move(stage.samples);
    const auto mode = info.make();
    auto ready = mode->prepare(setting);
    if (!ready.ok()) {
        played.error = ready.error();
        return played;
    }
    std::vector<Answer> so_far;
    for (auto round = mode->ask(setting, so_far); !round.empty(); round = mode->ask(setting, so_far)) {
        for (std::size_t at = 0; at < round.size(); ++at) {
            if (so_far.size() >= stage.answers.size()) {
                ADD_FAILURE() << "the mode asks more than there are answers";
                return played;
            }
            so_far.push_back(std::move(stage.answers[so_far.size()]));
            const auto* error = so_far.back().error();
            if (error != nullptr && !mode->takes_errors()) {
                played.error = *error;
                return played;
            }
        }
        played.rounds.push_back(std::move(round));
    }
    EXPECT_EQ(so_far.size(), stage.answers.size()) << "answers that the mode did not ask for";
    auto judged = mode->judge(setting, so_far, played.samples, played.report);
    if (!judged.ok()) {
        played.error = judged.error();
        return played;
    }
    played.text = printed(played.report);
    played.exit_code = exit_code(played.report.status());
    return played;
}

}  // namespace mullion::checks::tests
