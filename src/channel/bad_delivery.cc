#include "channel/bad_delivery.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>

#include "net/http_io.h"

namespace mullion::channel {
namespace {

// Until the peer leaves, or the stream's own patience with it is over.
net::Task<void> read_to_the_end(net::Stream& stream) {
    std::array<char, 4096> dropped{};
    while (true) {
        const auto got = co_await stream.read_some(dropped);
        if (!got.ok() || *got == 0) co_return;
    }
}

net::Task<bool> write_slowly(net::Stream& stream, std::string_view bytes, Delivery how) {
    boost::asio::steady_timer timer(stream.executor());
    const std::size_t at_a_time = std::max<std::size_t>(how.bytes, 1);
    while (!bytes.empty()) {
        const auto written = co_await stream.write(bytes.substr(0, at_a_time));
        if (!written.ok()) co_return false;
        bytes.remove_prefix(std::min(at_a_time, bytes.size()));
        timer.expires_after(how.pause);
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    co_return true;
}

}  // namespace

net::Task<bool> write_badly(net::Stream& stream, http::Response response, Delivery how) {
    switch (how.way) {
        case Delivery::Way::whole: {
            const auto written = co_await net::write_response(stream, response);
            co_return written.ok();
        }
        case Delivery::Way::dropped:
            co_return false;
        case Delivery::Way::held:
            co_await read_to_the_end(stream);
            co_return false;
        case Delivery::Way::cut: {
            const std::string bytes = net::to_bytes(response);
            const std::size_t left_out = response.body.size() - std::min(response.body.size(), how.bytes);
            (void)co_await stream.write(std::string_view(bytes).substr(0, bytes.size() - left_out));
            co_return false;
        }
        case Delivery::Way::slowly: {
            const std::string bytes = net::to_bytes(response);
            co_return co_await write_slowly(stream, bytes, how);
        }
    }
    co_return false;
}

}  // namespace mullion::channel
