// Check files of an operator's, and rows of a host's for them: whatever the bytes, an error with the file's
// name or a check that can be played.
#include <string>
#include <string_view>

#include "check.h"
#include "checks/check_file/check_file.h"
#include "checks/check_file/mode.h"

namespace {

using namespace mullion;
using namespace mullion::checks;

// A row in which every property that is asked for has a value, some of them none.
Rows rows_for(const CheckFile& check, std::string_view text) {
    wsman::cim::Instance row;
    std::size_t at = 0;
    for (const auto& name : check.properties.value_or(std::vector<std::string>{"Name", "A"})) {
        wsman::cim::Property property;
        property.name = name;
        if (at++ % 5 != 4) {
            wsman::cim::Value value;
            value.form = wsman::cim::Form::text;
            value.text = at % 2 == 0 ? std::string(text.substr(0, 40)) : std::to_string(text.size() * at);
            property.values.push_back(std::move(value));
        }
        row.properties.push_back(std::move(property));
    }
    return {std::move(row)};
}

void play(const ModeInfo& info, const CheckFile& check, std::string_view text) {
    const Words words;
    const Setting setting{words, "host", 5986, system_clock(), false};
    Samples samples;
    for (int look = 0; look < 2; ++look) {
        const auto mode = info.make();
        if (!mode->prepare(setting).ok()) return;
        std::vector<Answer> answers;
        const auto asks = mode->ask(setting, answers);
        FUZZ_CHECK(!asks.empty());
        answers.push_back({rows_for(check, text)});
        if (asks.size() > 1) answers.push_back({Rows{}});
        Report report;
        if (const auto judged = mode->judge(setting, answers, samples, report); !judged.ok()) return;
        for (const auto& said : report.texts) FUZZ_CHECK(said.text.size() < 1024 * 1024);
        samples.before = std::move(samples.now);
        samples.now = {};
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = read_check_file(text, "x");
    if (!read.ok()) {
        FUZZ_CHECK(read.error().id == ErrorId::usage_invalid && read.error().detail.starts_with("x:"));
        return 0;
    }
    FUZZ_CHECK(!(*read)->wql.empty());
    play(check_file_mode(*read), **read, text);
    return 0;
}
