// Whatever a caller sends: one last frame, and every item and answer is XML that readers take.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "cimhost/fragment.h"
#include "cimhost/questions.h"

namespace {

using namespace mullion;

constexpr cim::PropertyDef base_properties[] = {{"Name"}};
constexpr cim::PropertyDef properties[] = {
    {"Id", cim::Type::uint32, true}, {"Letter", cim::Type::string, true},
    {"Born", cim::Type::datetime},   {"On", cim::Type::boolean},
    {"Ratio", cim::Type::real64},    {"Names", cim::Type::string, false, true},
    {"Owner", cim::Type::reference}};
constexpr cim::ParameterDef parameters[] = {{"Words", cim::Type::string, true},
                                            {"When", cim::Type::datetime},
                                            {"Whose", cim::Type::reference},
                                            {"Size", cim::Type::uint8}};
constexpr cim::MethodDef methods[] = {{"Stop"}, {"Add", cim::Type::uint32, true, parameters}};
constinit const cim::ClassDef base = {"Test_Base", nullptr, base_properties, {}, true};
constinit const cim::ClassDef thing = {"Test_Thing", &base, properties, methods};

class Things final : public cim::Provider {
public:
    Things() : Provider(thing) {}
    std::optional<cim::Fault> enumerate(const cim::Machine&, const cim::Question&,
                                        cim::Sink& sink) const override {
        for (const unsigned id : {1u, 2u}) {
            auto instance = make();
            instance.set("Id", id).set("Letter", "b").set("Born", cim::Moment{1'700'000'000'000'000, 60});
            if (id == 1)
                instance.set("Name", "<&>")
                    .set("On", true)
                    .set("Ratio", 0.5)
                    .set("Names", cim::texts({"x", "y"}))
                    .set("Owner", cim::Reference{"Test_Thing", {{"Id", "2"}}});
            if (!sink.put(std::move(instance))) break;
        }
        return std::nullopt;
    }
    cim::MethodOutcome invoke(const cim::Machine&, const cim::MethodCall& call) const override {
        cim::MethodOutcome outcome{cim::Value(cim::Scalar(std::uint64_t{0})), {}, {}};
        for (const auto& [name, value] : call.arguments) outcome.outputs.emplace_back(name, value);
        return outcome;
    }
};

class Checked final : public cimhost::Frames {
public:
    [[nodiscard]] bool item(std::string_view xml) override {
        FUZZ_CHECK(ends == 0);
        FUZZ_CHECK(xml::Document::parse(xml).ok());
        return true;
    }
    void last(const cim::FromHost& frame) override {
        ++ends;
        FUZZ_CHECK(!std::holds_alternative<cim::Item>(frame));
        const auto* answer = std::get_if<cim::Answer>(&frame);
        if (answer != nullptr)
            FUZZ_CHECK(
                wsman::read_message(std::string_view(answer->envelope), wsman::wire_limits(1 << 24)).ok());
        const auto* failure = std::get_if<cim::Failure>(&frame);
        if (failure != nullptr) FUZZ_CHECK(failure->code != 0 && !failure->message.empty());
        FUZZ_CHECK(!cim::encode(frame).empty());
    }
    int ends = 0;
};

cim::Machine no_machine() {
    cim::Machine machine;
    machine.root = "/nonexistent";
    machine.times = [] { return cim::Times{1'700'000'000'000'000, 1}; };
    machine.utc_offset = [](std::int64_t) { return std::int16_t{60}; };
    return machine;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Things things;
    static const cim::Registry registry({&things});
    static const cim::Machine machine = no_machine();
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto fragment = cimhost::parse_fragment(bytes, {});
    if (const auto* read = std::get_if<cimhost::Fragment>(&fragment)) FUZZ_CHECK(!read->property.empty());
    const auto message = wsman::read_message(bytes, wsman::wire_limits(1 << 20));
    if (!message) return 0;
    Checked frames;
    cimhost::answer({registry, machine, "uuid:ANSWER"}, *message, frames);
    FUZZ_CHECK(frames.ends == 1);
    return 0;
}
