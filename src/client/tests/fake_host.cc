#include "client/tests/fake_host.h"

#include <algorithm>
#include <stdexcept>

#include "wsman/identify.h"
#include "wsman/uris.h"

namespace mullion::client::testing {
namespace {

wsman::Message read(const std::string& bytes) {
    return std::move(wsman::read_message(bytes, wsman::wire_limits(1 << 20))).value();
}

std::string action_of(const wsman::Message& message) {
    if (wsman::is_identify(message)) return "Identify";
    const auto& action = message.header.action;
    return action.substr(action.rfind('/') + 1);
}

std::string fault(const wsman::Message& request, std::uint32_t code) {
    return wsman::write_fault("uuid:A", request.header.message_id, "fake", wsman::make_fault(code));
}

}  // namespace

class FakeLink final : public Link {
public:
    FakeLink(FakeHost& host, int number) : host_(host), number_(number) {}

    net::Task<Result<channel::Answer>> exchange(std::string body, MonotonicTime deadline,
                                                channel::Repeat repeat) override {
        const auto request = read(body);
        const auto action = action_of(request);
        host_.seen.push_back(std::to_string(number_) + " " + action);
        host_.largest_message = std::max(host_.largest_message, body.size());
        ++round_trips_;
        sent_ = false;
        closed_.emplace();
        const auto trouble = host_.next_trouble(action);
        if (trouble.kind == Trouble::throws) throw std::runtime_error("a bug");
        if (trouble.kind == Trouble::refused) co_return Error(ErrorId::net_refused, "");
        if (trouble.kind == Trouble::busy) co_return Error(ErrorId::http_busy, "");
        if (trouble.kind == Trouble::rejected) co_return Error(ErrorId::auth_rejected, "");
        sent_ = true;
        const auto leaves = later(host_.time_.now(), host_.latency);
        co_await host_.time_.sleep(std::min(deadline, leaves), *closed_);
        repeated_ = trouble.kind == Trouble::forged;
        if (repeated_) {
            (void)co_await host_.answer(body, deadline, *closed_);
            if (repeat == channel::Repeat::never) co_return Error(ErrorId::auth_rejected, "");
        }
        if (trouble.kind == Trouble::lost_before) co_return Error(ErrorId::net_closed, "");
        if (trouble.kind == Trouble::fault) co_return channel::Answer{500, fault(request, trouble.code), ""};
        auto answer = co_await host_.answer(std::move(body), deadline, *closed_);
        if (closed_->rung()) co_return Error(ErrorId::net_closed, "by us");
        if (trouble.kind == Trouble::silent) co_await host_.time_.sleep(deadline, *closed_);
        if (trouble.kind == Trouble::silent || answer.empty()) co_return Error(ErrorId::net_read_timeout, "");
        if (trouble.kind == Trouble::lost_after) co_return Error(ErrorId::net_closed, "");
        if (trouble.kind == Trouble::forged_away) co_return Error(ErrorId::auth_rejected, "");
        if (trouble.kind == Trouble::forged_busy) co_return Error(ErrorId::http_busy, "");
        if (trouble.kind == Trouble::web_page) co_return Error(ErrorId::http_not_winrm, "");
        if (trouble.kind == Trouble::garbage) co_return channel::Answer{200, "<html>", ""};
        if (trouble.kind == Trouble::other_answer)
            co_return channel::Answer{200, wsman::write_signal_response("uuid:A", "uuid:OTHER"), ""};
        co_return channel::Answer{200, std::move(answer), ""};
    }

    bool sent() const override { return sent_; }
    bool repeated() const override { return repeated_; }
    bool connected() const override { return round_trips_ > 1; }
    unsigned round_trips() const override { return round_trips_; }
    std::string transport() const override { return "ntlm"; }
    bool sealed() const override { return true; }
    void close() override {
        if (closed_) closed_->ring();
    }

private:
    FakeHost& host_;
    int number_;
    std::optional<Alarm> closed_;
    unsigned round_trips_ = 0;
    bool sent_ = false;
    bool repeated_ = false;
};

std::shared_ptr<Link> FakeHost::make_link() {
    return std::make_shared<FakeLink>(*this, ++links);
}

int FakeHost::count(const std::string& action) const {
    return static_cast<int>(std::count_if(seen.begin(), seen.end(), [&](const std::string& line) {
        return line.substr(line.find(' ') + 1) == action;
    }));
}

std::string FakeHost::fault_instead(const std::string& bytes) {
    const auto request = read(bytes);
    const auto trouble = next_trouble(action_of(request));
    return trouble.kind == Trouble::fault ? fault(request, trouble.code) : std::string();
}

Trouble FakeHost::next_trouble(const std::string& action) {
    auto& list = troubles[action];
    if (list.empty()) return always[action];
    const auto trouble = list.front();
    list.pop_front();
    return trouble;
}

void FakeHost::changed() {
    const auto old = std::exchange(change_, std::make_shared<Alarm>());
    old->ring();
}

net::Task<std::string> FakeHost::answer(std::string bytes, MonotonicTime deadline, Alarm& closed) {
    const auto request = read(bytes);
    const auto action = action_of(request);
    const auto& id = request.header.message_id;
    if (action == "Identify")
        co_return wsman::write_identify_response(
            {"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd", "Fake", "1.0", {}});
    if (wsman::find_config_resource(request.header.resource_uri) != nullptr) co_return config.answer(request);
    if (wsman::cim::parse_class_uri(request.header.resource_uri)) co_return cim.answer(request);
    if (action == "Create") {
        created = wsman::read_create(request).value();
        const auto shell_id = ignores_our_ids ? "THEIRS-" + std::to_string(shells.size()) : created.shell_id;
        if (!shells.insert(shell_id).second) co_return fault(request, wsman::code::shell_id_conflict);
        wsman::ShellCreated answer;
        answer.shell_id = shell_id;
        answer.resource_uri = wsman::resource::command_shell;
        co_return wsman::write_create_response("uuid:A", id, answer);
    }
    const auto shell_id = std::string(request.header.selector("ShellId").value_or(""));
    if (shells.count(shell_id) == 0) co_return fault(request, wsman::code::unexpected_selectors);
    if (action == "Delete") {
        shells.erase(shell_id);
        ended_ = true;
        changed();
        co_return wsman::write_delete_response("uuid:A", id);
    }
    if (action == "Command") {
        ran = wsman::read_command(request).value();
        command_id_ = ignores_our_ids ? "THEIR-COMMAND" : ran.command_id;
        command_shell_ = shell_id;
        ++executions[command_id_];
        started_ = time_.now();
        ended_ = false;
        exit_code_ = script.exit_code;
        next_output_ = 0;
        co_return wsman::write_command_response("uuid:A", id, command_id_);
    }
    if (action == "Receive") {
        auto received = co_await receive(request, deadline, closed);
        co_return received;
    }
    if (action == "Send") {
        const auto sent = wsman::read_send(request).value();
        if (ended_) co_return fault(request, wsman::code::broken_pipe);
        input += sent.bytes;
        input_ended = input_ended || sent.end;
        changed();
        co_return wsman::write_send_response("uuid:A", id);
    }
    const auto signal = wsman::read_signal(request).value();
    const bool ignored =
        signal.code == wsman::SignalCode::ctrl_c ? script.ignores_ctrl_c : script.ignores_terminate;
    if (script.runs_for_ever && !ignored) {
        ended_ = true;
        exit_code_ = 0xC000013A;  // STATUS_CONTROL_C_EXIT
        changed();
    }
    co_return wsman::write_signal_response("uuid:A", id);
}

net::Task<std::string> FakeHost::receive(const wsman::Message& request, MonotonicTime deadline,
                                         Alarm& closed) {
    const auto asked = wsman::read_receive(request).value();
    const auto& id = request.header.message_id;
    if (asked.command_id != command_id_) co_return fault(request, wsman::code::unexpected_selectors);
    const auto patience = later(time_.now(), request.header.operation_timeout.value());
    while (true) {
        if (closed.rung()) co_return "";
        wsman::ReceivedOutput output;
        output.command_id = command_id_;
        if (next_output_ < script.output.size()) {
            const auto& [stream, bytes] = script.output[next_output_++];
            output.chunks.push_back({stream, command_id_, bytes, false});
            if (script.spoil) script.spoil(output);
            co_return wsman::write_receive_response("uuid:A", id, output);
        }
        const auto end_time = later(started_, script.quiet);
        const bool waits = script.runs_for_ever || (script.reads_input && !input_ended);
        if (!ended_ && !waits && time_.now() >= end_time) ended_ = true;
        if (ended_) {
            if (script.reads_input) output.chunks.push_back({"stdout", command_id_, input, true});
            output.state = wsman::CommandState::done;
            output.exit_code = exit_code_;
            if (script.spoil) script.spoil(output);
            co_return wsman::write_receive_response("uuid:A", id, output);
        }
        if (script.hurries) co_return wsman::write_receive_response("uuid:A", id, output);
        if (time_.now() >= patience) co_return fault(request, wsman::code::operation_timed_out);
        if (time_.now() >= deadline) co_return "";
        const auto wake = waits ? patience : std::min(patience, end_time);
        const auto change = change_;
        co_await time_.sleep(std::min(wake, deadline), *change, closed);
    }
}

}  // namespace mullion::client::testing
