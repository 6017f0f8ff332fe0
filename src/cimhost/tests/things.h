// Classes and instances that a test makes up, and what is answered about them.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cim/tests/made_up.h"
#include "cimhost/questions.h"
#include "wsman/cim/enumeration.h"
#include "wsman/cim/operations.h"
#include "wsman/fault.h"

namespace mullion::cimhost::testing {

namespace wire = wsman::cim;

using enum cim::Type;

inline constexpr cim::PropertyDef base_properties[] = {{"Name"}, {"Size", uint64}};
inline constexpr cim::PropertyDef thing_properties[] = {{"Id", uint32, true},
                                                        {"Letter", string, true},
                                                        {"Born", datetime},
                                                        {"Lasts", datetime},
                                                        {"On", boolean},
                                                        {"Delta", sint32},
                                                        {"Ratio", real64},
                                                        {"Names", string, false, true},
                                                        {"Numbers", uint16, false, true},
                                                        {"Owner", reference},
                                                        {"Count", uint32, false, false, 65536}};
inline constexpr cim::PropertyDef other_properties[] = {{"Key", string, true}};
inline constexpr cim::PropertyDef only_properties[] = {{"Caption"}};

inline constexpr cim::ParameterDef add_parameters[] = {
    {"Left", uint32},     {"Words", string, true},      {"When", datetime},
    {"Whose", reference}, {"Sum", uint64, false, true}, {"Again", string, true, true}};
inline constexpr cim::MethodDef thing_methods[] = {{"Stop", uint32}, {"Add", uint32, true, add_parameters}};

inline constinit const cim::ClassDef base_class = {"Test_Base", nullptr, base_properties, {}, true};
inline constinit const cim::ClassDef thing_class = {"Test_Thing", &base_class, thing_properties,
                                                    thing_methods};
inline constinit const cim::ClassDef other_class = {"Test_Other", &base_class, other_properties};
inline constinit const cim::ClassDef only_class = {"Test_Only", nullptr, only_properties, {}, false, true};
inline constinit const cim::ClassDef locked_class = {"Test_Locked", &base_class, other_properties};
inline constinit const cim::ClassDef broken_class = {"Test_Broken", nullptr, other_properties};
inline constinit const cim::ClassDef dmtf_class = {"CIM_Tested", nullptr, other_properties};

inline constexpr std::int64_t born = 1'700'000'000'500'000;  // 2023-11-14T22:13:20.5Z

// Three of them; the last one has nothing but its keys.
class Things : public cim::Provider {
public:
    Things() : Provider(thing_class) {}

    std::optional<cim::Fault> enumerate(const cim::Machine&, const cim::Question& question,
                                        cim::Sink& sink) const override {
        asked = question;
        for (const unsigned id : {1u, 2u, 3u}) {
            auto instance = make();
            instance.set("Id", id).set("Letter", std::string(1, static_cast<char>('a' + id)));
            if (id < 3) fill(instance, id);
            if (!sink.put(std::move(instance))) break;
        }
        return std::nullopt;
    }

    cim::MethodOutcome invoke(const cim::Machine&, const cim::MethodCall& call) const override {
        called = call.arguments;
        keys = call.keys ? *call.keys : cim::Keys();
        if (call.is("Stop")) {
            if (keys.front().second == "2") return {{}, {}, cim::Fault{cim::Fault::Kind::unreadable, "it"}};
            return {cim::Value(cim::Scalar(std::uint64_t{7}))};
        }
        return {cim::Value(cim::Scalar(std::uint64_t{0})),
                {{"Sum", cim::Value(cim::Scalar(std::uint64_t{42}))},
                 {"Again", cim::Value(cim::texts({"x", "y"}))}}};
    }

    mutable cim::Question asked;
    mutable std::vector<std::pair<std::string, cim::Value>> called;
    mutable cim::Keys keys;

private:
    static void fill(cim::Instance& instance, unsigned id) {
        instance.set("Name", id == 1 ? "first <&>" : "Second")
            .set("Size", id == 1 ? ~std::uint64_t{0} : std::uint64_t{5})
            .set("Born", cim::Moment{born + id * 1'000'000, 60})
            .set("Lasts", cim::Interval{90'061'000'000})
            .set("On", id == 1)
            .set("Delta", -5)
            .set("Ratio", 0.25)
            .set("Names", cim::texts({"x", "y & z"}))
            .set("Numbers", cim::Array{})
            .set("Owner", cim::Reference{"Test_Other", {{"Key", "k"}}})
            .set("Count", id);
    }
};

// `rows` of them, and then perhaps a fault.
class Others : public cim::Provider {
public:
    explicit Others(const cim::ClassDef& definition, unsigned rows = 1, std::optional<cim::Fault> end = {})
        : Provider(definition), rows_(rows), end_(std::move(end)) {}

    std::optional<cim::Fault> enumerate(const cim::Machine&, const cim::Question&,
                                        cim::Sink& sink) const override {
        for (unsigned row = 0; row < rows_; ++row) {
            auto instance = make();
            if (shape().find("Key")) instance.set("Key", row == 0 ? "k" : std::to_string(row));
            if (shape().find("Name")) instance.set("Name", "other");
            if (shape().find("Caption")) instance.set("Caption", "alone");
            ++made;
            if (!sink.put(std::move(instance))) return std::nullopt;
        }
        return end_;
    }
    mutable unsigned made = 0;

private:
    unsigned rows_;
    std::optional<cim::Fault> end_;
};

class List final : public Frames {
public:
    [[nodiscard]] bool item(std::string_view xml) override {
        items.emplace_back(xml);
        return items.size() < most;
    }
    void last(const cim::FromHost& frame) override {
        EXPECT_FALSE(end.has_value());
        end = frame;
    }
    std::vector<std::string> items;
    std::optional<cim::FromHost> end;
    std::size_t most = 1'000'000;

    [[nodiscard]] bool ended() const { return end && std::holds_alternative<cim::End>(*end); }
    [[nodiscard]] cim::Failure failure() const {
        const auto* found = end ? std::get_if<cim::Failure>(&*end) : nullptr;
        if (found == nullptr) throw std::runtime_error("it was answered");
        return *found;
    }
    [[nodiscard]] std::string envelope() const {
        if (const auto* found = std::get_if<cim::Failure>(&*end)) throw std::runtime_error(found->message);
        return std::get<cim::Answer>(*end).envelope;
    }
};

class Questions : public ::testing::Test {
protected:
    Questions()
        : locked_(locked_class, 0, cim::Fault{cim::Fault::Kind::needs_key, "Key"}),
          broken_(broken_class, 2, cim::Fault{cim::Fault::Kind::unreadable, "/proc/broken"}),
          registry_({&things_, &others_, &only_, &locked_, &broken_, &dmtf_}) {}

    [[nodiscard]] List ask(const std::string& request) const {
        auto message = wsman::read_message(std::string_view(request), wsman::wire_limits(1 << 20));
        if (!message) throw std::runtime_error(message.error().message());
        List list;
        list.most = most_;
        answer({registry_, made_.machine, "uuid:ANSWER"}, *message, list);
        EXPECT_TRUE(list.end.has_value());
        return list;
    }
    [[nodiscard]] List enumerate(wire::Enumeration enumeration) const {
        return ask(wire::write_enumeration(settings(), "uuid:ASK", enumeration));
    }
    [[nodiscard]] List query(std::string_view text, wire::Mode mode = wire::Mode::object) const {
        wire::Enumeration enumeration{target("*")};
        enumeration.filter = wire::WqlFilter{std::string(text)};
        enumeration.mode = mode;
        return enumerate(std::move(enumeration));
    }
    [[nodiscard]] static wire::Target target(std::string_view class_name, std::vector<wire::Key> keys = {}) {
        return {{wire::ClassUri::Form::wmi, {}, "root/cimv2", std::string(class_name)}, std::move(keys)};
    }
    [[nodiscard]] static wire::Target schema(std::string_view class_name, std::string_view space,
                                             std::vector<wire::Key> keys = {}) {
        return {{wire::ClassUri::Form::schema, "http://schemas.dmtf.org", std::string(space),
                 std::string(class_name)},
                std::move(keys)};
    }
    [[nodiscard]] static wsman::RequestSettings settings() {
        wsman::RequestSettings settings;
        settings.to = "http://host:5985/wsman";
        return settings;
    }
    // An item, read by the reader of clients.
    [[nodiscard]] static wire::Instance read(const std::string& item) {
        auto document = xml::Document::parse(item, wsman::wire_limits(1 << 20));
        if (!document) throw std::runtime_error(document.error().message());
        auto instance = wire::read_instance(document->root());
        if (!instance) throw std::runtime_error(instance.error().message());
        return std::move(instance).value();
    }
    [[nodiscard]] static std::string text(const wire::Instance& instance, std::string_view property) {
        const auto* found = instance.find(property);
        if (found == nullptr) return "(none)";
        std::string all;
        for (const auto& value : found->values)
            all += (all.empty() ? "" : "|") + (value.is_null() ? std::string("(null)") : value.text);
        return all;
    }

    Things things_;
    Others others_{other_class}, only_{only_class}, locked_, broken_, dmtf_{dmtf_class};
    cim::Registry registry_;
    cim::MadeUp made_;
    std::size_t most_ = 1'000'000;
};

}  // namespace mullion::cimhost::testing
