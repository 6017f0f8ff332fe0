#include "client/tests/fake_cim.h"

#include <algorithm>

#include "wsman/cim/enumeration.h"
#include "wsman/cim/instance_writer.h"
#include "wsman/fault.h"

namespace mullion::client::testing {
namespace {

constexpr std::string_view service_uri =
    "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service";

// "c17": the rows from the 17th on are still to come.
std::size_t place_of(const std::string& context) {
    return std::stoul(context.substr(1));
}

std::string with_other_spaces(std::string text) {
    const auto swap = [&](const std::string& name) {
        for (const auto* mark : {"<", "</"}) {
            const auto w = mark + ("w:" + name);
            const auto n = mark + ("n:" + name);
            const bool has_w = text.find(w) != std::string::npos;
            const auto& from = has_w ? w : n;
            const auto& into = has_w ? n : w;
            for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + into.size()))
                text.replace(at, from.size(), into);
        }
    };
    swap("Items");
    swap("EndOfSequence");
    return text;
}

std::string with_context_behind(std::string text) {
    const std::string close = "</n:EnumerationContext>";
    const auto begin = text.find("<n:EnumerationContext>");
    const auto end = text.find(close, begin);
    if (begin == std::string::npos || end == std::string::npos) return text;
    const auto context = text.substr(begin, end + close.size() - begin);
    text.erase(begin, context.size());
    const auto behind =
        text.find("</", text.find("</s:Body>") - std::string("</n:EnumerateResponse>").size());
    return text.insert(behind, context);
}

std::string described(const std::string& action, const wsman::cim::Target& target) {
    std::string text = action + " " + target.of.class_name;
    for (const auto& key : target.keys)
        text += (&key == &target.keys.front() ? "." : ",") + key.name + "=" + key.value;
    return text;
}

}  // namespace

void FakeCim::add_rows(std::size_t count, const std::string& name) {
    for (std::size_t i = 0; i < count; ++i) {
        wsman::cim::InstanceWriter one("Win32_Service", service_uri, "Win32_Service_Type");
        one.text("Name", name + std::to_string(i));
        rows.push_back(one.take());
    }
}

std::string FakeCim::answer(const wsman::Message& request) {
    // A method may be called Create as well: it is told by all of its action.
    const auto& action = request.header.action;
    const bool transfer = action.starts_with("http://schemas.xmlsoap.org/");
    auto made = handle(request, (transfer ? "" : "/") + action.substr(action.rfind('/') + 1));
    if (made.ok()) return std::move(made).value();
    const auto code = made.error().wsman_code.value_or(wsman::code::internal_error);
    return wsman::write_fault("uuid:A", request.header.message_id, "fake",
                              wsman::make_fault(code, made.error().detail));
}

Result<std::string> FakeCim::handle(const wsman::Message& request, const std::string& action) {
    const auto& id = request.header.message_id;
    if (action == "Enumerate") return enumerate(request);
    if (action == "Pull") return pull(request);
    if (action == "Release") {
        MULLION_ASSIGN(const auto context, wsman::read_release(request));
        seen.push_back("Release " + context);
        kept.erase(std::remove(kept.begin(), kept.end(), context), kept.end());
        return wsman::write_release_response("uuid:A", id);
    }
    MULLION_ASSIGN(const auto target, wsman::cim::read_target(request));
    seen.push_back(described(action, target));
    if (action == "Get") {
        MULLION_ASSIGN(const auto item, instance_item(instance));
        return wsman::cim::write_object_response(request.header.action, "uuid:A", id, item);
    }
    return change(request, action, target);
}

Result<std::string> FakeCim::change(const wsman::Message& request, const std::string& action,
                                    const wsman::cim::Target& target) {
    const auto& id = request.header.message_id;
    if (action == "Put") {
        MULLION_ASSIGN(auto given, wsman::cim::read_body_instance(request, target));
        put.push_back(given);
        if (!shows_what_was_put)
            return wsman::write_response(request.header.action + "Response", "uuid:A", id,
                                         [](xml::Writer&) {});
        MULLION_ASSIGN(const auto item, instance_item(given));
        return wsman::cim::write_object_response(request.header.action, "uuid:A", id, item);
    }
    if (action == "Create") {
        MULLION_ASSIGN(auto given, wsman::cim::read_body_instance(request, target));
        created.push_back(given);
        wsman::cim::Reference made{std::string(wsman::anonymous), format_class_uri(target.of), {}};
        made.keys.emplace_back("Name", created_key);
        return wsman::cim::write_created_response("uuid:A", id, made);
    }
    if (action == "Delete") return wsman::write_delete_response("uuid:A", id);
    MULLION_ASSIGN(auto method, wsman::cim::read_method(request));
    if (on_method) on_method(method);
    invoked.push_back(method);
    auto answer = result;
    answer.resource_uri = format_class_uri(target.of);
    answer.name = method.name;
    return wsman::cim::write_method_response("uuid:A", id, answer);
}

Result<std::string> FakeCim::enumerate(const wsman::Message& request) {
    MULLION_ASSIGN(const auto asked, wsman::cim::read_enumeration(request));
    if (on_enumerate) on_enumerate(asked);
    seen.push_back("Enumerate " + asked.of.of.class_name);
    const auto* wql = std::get_if<wsman::cim::WqlFilter>(&asked.filter);
    query = wql != nullptr ? wql->query : filter_dialect(asked.filter);
    asked_for.push_back(asked.max_elements.value_or(1));
    return batch(request, true, 0, optimizes ? asked.max_elements.value_or(1) : 0);
}

Result<std::string> FakeCim::pull(const wsman::Message& request) {
    MULLION_ASSIGN(const auto asked, wsman::read_pull(request));
    seen.push_back("Pull " + asked.context);
    asked_for.push_back(asked.max_elements.value_or(1));
    const auto place = std::find(kept.begin(), kept.end(), asked.context);
    if (place == kept.end()) {
        Error unknown(ErrorId::wsman_fault, "no such context");
        unknown.wsman_code = wsman::code::invalid_enumeration_context;
        return unknown;
    }
    kept.erase(place);
    const auto from = counts_pulls ? place_of(asked.context) : given_;
    return batch(request, false, from, asked.max_elements.value_or(1));
}

std::string FakeCim::batch(const wsman::Message& request, bool first, std::size_t from, std::uint32_t asked) {
    const auto& id = request.header.message_id;
    const bool pause = !first && paused_ < pauses;
    paused_ = pause ? paused_ + 1 : 0;
    const auto count = pause ? 0 : std::min({page, static_cast<std::size_t>(asked), rows.size() - from});
    wsman::Batch given;
    for (std::size_t i = from; i < from + count; ++i)
        given.items.push_back(!first && i == from + 1 && !spoil.empty() ? spoil : rows[i]);
    given_ = from + count;
    given.end = given_ == rows.size() && !endless && !(ends_empty && count != 0) && asked != 0;
    if (!given.end) {
        given.context = counts_pulls ? "c" + std::to_string(given_) : "c";
        kept.push_back(given.context);
    }
    auto text = first ? wsman::write_enumerate_response("uuid:A", id, given)
                      : wsman::write_pull_response("uuid:A", id, given);
    if (swaps_spaces) text = with_other_spaces(std::move(text));
    return context_behind ? with_context_behind(std::move(text)) : text;
}

}  // namespace mullion::client::testing
