#include "simulate/fault_actions.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

#include "wsman/fault.h"

namespace mullion::simulate {
namespace {

using channel::Delivery;
using channel::Outgoing;
using Do = FaultRule::Do;

Outgoing only_delivery(Delivery::Way way) {
    Outgoing out;
    out.delivery.way = way;
    return out;
}

Outgoing only_status(int status) {
    Outgoing out;
    out.status = status;
    return out;
}

// The characters of an envelope as one byte each: UTF-16 is left alone but for its length.
bool is_utf16(const std::string& xml) {
    return xml.substr(0, 2) == "\xFF\xFE";
}

Outgoing spoiled(const FaultRule& rule, Outgoing out) {
    switch (rule.what) {
        case Do::garble:
            out.body = garbled(std::move(out.body));
            break;
        case Do::wrong_relates_to:
            out.body = with_wrong_relates_to(std::move(out.body));
            break;
        case Do::truncate:
            out.delivery = {Delivery::Way::cut, rule.bytes != 0 ? rule.bytes : out.body.size() / 2, {}};
            break;
        case Do::slow:
            out.delivery = {Delivery::Way::slowly, rule.bytes, rule.pause};
            break;
        default:
            break;
    }
    return out;
}

}  // namespace

std::string garbled(std::string xml) {
    if (is_utf16(xml)) {
        xml.resize(xml.size() / 2);
        return xml;
    }
    const auto middle = xml.find('<', xml.size() / 2);
    xml.insert(middle == std::string::npos ? xml.size() : middle, "</never-opened>");
    return xml;
}

std::string with_wrong_relates_to(std::string xml) {
    const auto begin = xml.find("RelatesTo>");
    if (begin == std::string::npos) return xml;
    const auto from = begin + std::string_view("RelatesTo>").size();
    const auto to = xml.find('<', from);
    return xml.replace(from, to - from, "uuid:00000000-0000-0000-0000-000000000000");
}

net::Task<void> wait_for(Duration how_long) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, how_long);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

net::Task<Outgoing> answer_with_fault(const FaultRule& rule, service::RequestHook::GoOn go_on) {
    // A stall or delay that ends goes on as if nothing had been.
    if ((rule.what == Do::stall || rule.what == Do::delay) && rule.how_long != never) {
        if (!rule.after) co_await wait_for(rule.how_long);
        Outgoing out = co_await go_on(std::nullopt);
        if (rule.after) co_await wait_for(rule.how_long);
        co_return out;
    }
    std::optional<wsman::Fault> instead;
    if (rule.what == Do::fault) instead = wsman::make_fault(rule.code);
    const bool answers_itself =
        rule.what == Do::drop || rule.what == Do::stall || rule.what == Do::http || rule.what == Do::fault;
    Outgoing done;
    if (rule.after || !answers_itself) done = co_await go_on(std::nullopt);
    switch (rule.what) {
        case Do::drop:
            co_return only_delivery(Delivery::Way::dropped);
        case Do::stall:
            co_return only_delivery(Delivery::Way::held);
        case Do::http:
            co_return only_status(rule.status);
        case Do::fault: {
            Outgoing fault = co_await go_on(std::move(instead));
            co_return fault;
        }
        default:
            co_return spoiled(rule, std::move(done));
    }
}

net::Task<Delivery> handshake_with_fault(const FaultRule& rule, http::Response& response) {
    switch (rule.what) {
        case Do::drop:
            co_return Delivery{Delivery::Way::dropped, 0, {}};
        case Do::stall:
        case Do::delay:
            if (rule.how_long == never) co_return Delivery{Delivery::Way::held, 0, {}};
            co_await wait_for(rule.how_long);
            break;
        case Do::http:
            response = http::Response();
            response.status = rule.status;
            break;
        case Do::slow:
            co_return Delivery{Delivery::Way::slowly, rule.bytes, rule.pause};
        default:
            break;
    }
    co_return Delivery{};
}

}  // namespace mullion::simulate
