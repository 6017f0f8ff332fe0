// Every mode, from the question on the wire to the line that is printed, with the answers of hosts of several
// versions: tests/golden. Each case is played in every form in which hosts answer, and must not depend on it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <map>

#include "checks/asking.h"
#include "checks/check_file/ad_hoc.h"
#include "checks/look.h"
#include "checks/output/output.h"
#include "checks/tests/golden_file.h"
#include "checks/tests/played.h"
#include "client/tests/loopback_service.h"
#include "wsman/fault.h"
#include "xml/document.h"

namespace mullion::checks::tests {
namespace {

using client::testing::Trouble;
using Kind = GoldenQuestion::Kind;

// How a host answers an enumeration.
struct Form {
    std::string_view name;
    bool optimizes;
    std::size_t page;
    bool ends_empty, other_spaces;
};
constexpr std::array<Form, 4> forms = {{{"optimized, in one batch", true, 1000, false, false},
                                        {"optimized, row by row", true, 1, false, false},
                                        {"plain, by twos", false, 2, false, true},
                                        {"plain, row by row, the end alone", false, 1, true, false}}};

std::string described(const wsman::cim::Enumeration& asked) {
    const auto* wql = std::get_if<wsman::cim::WqlFilter>(&asked.filter);
    return fmt::format("{}/{} {} {}: {}", asked.of.of.cim_namespace, asked.of.of.class_name,
                       asked.optimize ? "optimized" : "plain", asked.max_elements.value_or(1),
                       wql == nullptr ? "no WQL" : wql->query);
}

std::string described(const wsman::cim::Method& asked) {
    auto said = fmt::format("{} {}:{}", asked.name, asked.of.of.cim_namespace, asked.of.of.class_name);
    for (const auto& argument : asked.arguments.properties) said += " " + argument.values.front().text;
    return said;
}

// What wql judges is made of its options.
ModeInfo mode_of(const GoldenCase& golden) {
    if (golden.mode != "wql") return *find_mode(golden.mode);
    auto check = ad_hoc_check(golden.words);
    EXPECT_TRUE(check.ok());
    return check.ok() ? ad_hoc_mode(std::move(check).value()) : *find_mode("wql");
}

// A host that has the answers of one look, and writes down what it is asked.
class Host {
public:
    explicit Host(const Form& form) {
        auto& cim = service_.host().cim;
        cim.optimizes = form.optimizes;
        cim.page = form.page;
        cim.ends_empty = form.ends_empty;
        cim.swaps_spaces = form.other_spaces;
        cim.on_enumerate = [this](const auto& asked) { query(asked); };
        cim.on_method = [this](const auto& asked) { call(asked); };
        auto made = client::Session::make(runtime_, service_.target(), service_.credential());
        EXPECT_TRUE(made.ok());
        session_ = std::move(made).value();
    }

    client::testing::FakeHost& host() { return service_.host(); }

    Result<Report> look(const GoldenCase& golden, const GoldenLook& look, Samples& samples) {
        look_ = &look;
        asked_.clear();
        for (const auto& question : look.questions)
            if (question.kind == Kind::command) set_command(question);
        ManualClock clock;
        clock.advance(
            std::chrono::duration_cast<Duration>(WallTime(std::chrono::seconds(look.at)) - clock.wall()));
        const Setting setting{golden.words, "host.example.com", 5986, clock, golden.compat};
        const auto mode = mode_of(golden).make();
        MULLION_TRY(mode->prepare(setting));
        Asking asking(*session_, clock);
        auto report = checks::look(*mode, setting, asking, samples);
        (void)session_->finish();
        EXPECT_TRUE(host().cim.kept.empty()) << "an enumeration was left on the host";
        EXPECT_TRUE(host().shells.empty()) << "a shell was left on the host";
        return report;
    }

    // Of the look: what was asked, in order.
    [[nodiscard]] const std::vector<std::string>& asked() const { return asked_; }
    [[nodiscard]] std::string command() { return host().ran.command; }

private:
    const GoldenQuestion* next(const std::string& said) {
        asked_.push_back(said);
        const GoldenQuestion* found = nullptr;
        std::size_t at = 0;
        for (const auto& question : look_->questions)
            if (question.kind != Kind::command && ++at == asked_.size()) found = &question;
        return found;
    }

    void query(const wsman::cim::Enumeration& asked) {
        const auto* question = next(described(asked));
        host().cim.rows = question == nullptr ? std::vector<std::string>() : question->rows;
    }

    void call(const wsman::cim::Method& asked) {
        const auto* question = next(described(asked));
        auto& result = host().cim.result;
        result = {};
        if (question == nullptr || question->rows.empty()) return;
        result.return_value = wsman::cim::Value(wsman::cim::Scalar(question->returned));
        auto document = xml::Document::parse(question->rows.front());
        result.outputs = wsman::cim::read_instance(document->root()).value();
    }

    void set_command(const GoldenQuestion& question) {
        auto& script = host().script;
        script = {};
        if (!question.output.out.empty()) script.output.emplace_back("stdout", question.output.out);
        if (!question.output.err.empty()) script.output.emplace_back("stderr", question.output.err);
        script.exit_code = question.output.exit_code;
        script.reads_input = false;
    }

    client::testing::LoopbackService service_;
    client::Runtime runtime_;
    std::unique_ptr<client::Session> session_;
    const GoldenLook* look_ = nullptr;
    std::vector<std::string> asked_;
};

class Golden : public ::testing::TestWithParam<GoldenCase> {
protected:
    void SetUp() override {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
        ASSERT_NE(find_mode(GetParam().mode), nullptr) << "there is no such mode";
        ASSERT_FALSE(GetParam().looks.empty());
    }

    static std::vector<std::string> expected(const GoldenLook& look) {
        std::vector<std::string> all;
        for (const auto& question : look.questions)
            if (question.kind != Kind::command) all.push_back(question.asked);
        return all;
    }

    // Looks one after the other, each with the values of the one before; up to `last`.
    void play(Host& host, std::size_t last, Samples& samples) {
        const auto& golden = GetParam();
        for (std::size_t at = 0; at < last; ++at) {
            const auto& look = golden.looks[at];
            SCOPED_TRACE(fmt::format("look {}", at + 1));
            const auto report = host.look(golden, look, samples);
            EXPECT_EQ(host.asked(), expected(look));
            for (const auto& question : look.questions) {
                if (question.kind != Kind::command) continue;
                EXPECT_TRUE(host.command().starts_with(question.asked)) << host.command();
            }
            auto words = golden.words;
            words.set("verbose", "");
            const auto printed = report.ok() ? print(*report, mode_of(golden), words).value()
                                             : print_refusal(report.error(), words);
            // For whoever writes a case: what it is that is said.
            if (std::getenv("MULLION_GOLDEN_SHOW") != nullptr)
                fmt::print("=== {}/{} {} {}\n{}", golden.mode, golden.name, at, printed.exit_code,
                           printed.text);
            EXPECT_EQ(printed.text, look.text);
            EXPECT_EQ(printed.exit_code, look.exit_code);
            samples.before = std::exchange(samples.now, {});
        }
    }
};

TEST_P(Golden, IsAskedAndToldSoInEveryFormOfAnswer) {
    for (const auto& form : forms) {
        SCOPED_TRACE(form.name);
        Host host(form);
        Samples samples;
        play(host, GetParam().looks.size(), samples);
        for (const auto most : host.host().cim.asked_for) EXPECT_EQ(most, 1000U);
    }
}

void expect_cut(const GoldenCase& golden, const Result<Report>& report) {
    if (report.ok()) {
        ADD_FAILURE() << golden.mode << ": " << printed(*report);
        return;
    }
    EXPECT_EQ(report.error().wsman_code, wsman::code::internal_error);
    EXPECT_NE(report.error().message().find("the answer was cut off after 1 row, which does not count"),
              std::string::npos)
        << report.error().message();
    EXPECT_EQ(print_refusal(report.error(), golden.words).exit_code, 3);
}

// The second Pull of each query: its first row came before, and is not told.
TEST_P(Golden, AnAnswerThatIsCutOffIsNone) {
    const auto& golden = GetParam();
    const auto& look = golden.looks.back();
    std::size_t pulls_before = 0;
    for (const auto& question : look.questions) {
        if (question.kind != Kind::query) continue;
        if (!question.rows.empty()) {
            Host host(forms.back());
            Samples samples;
            play(host, golden.looks.size() - 1, samples);
            auto& troubles = host.host().troubles["Pull"];
            troubles.assign(pulls_before + 1, Trouble{});
            troubles.push_back({Trouble::fault, wsman::code::internal_error});
            const auto report = host.look(golden, look, samples);
            expect_cut(golden, report);
            EXPECT_TRUE(samples.now.values.empty()) << "half a look is kept for the next";
        }
        pulls_before += question.rows.size() + 1;
    }
}

std::string name_of(const ::testing::TestParamInfo<GoldenCase>& info) {
    auto name = info.param.mode + "_" + info.param.name;
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    return name;
}
INSTANTIATE_TEST_SUITE_P(Cases, Golden, ::testing::ValuesIn(golden_cases()), name_of);

// Hosts of at least two versions, for every mode that asks for classes.
TEST(GoldenCases, EveryModeHasSome) {
    std::map<std::string, std::size_t> count;
    for (const auto& one : golden_cases()) ++count[one.mode];
    for (const auto& mode : modes())
        EXPECT_GE(count[std::string(mode.name)], 2U)
            << "src/checks/tests/golden/" << mode.name << " needs cases: see README.md there";
}

}  // namespace
}  // namespace mullion::checks::tests
