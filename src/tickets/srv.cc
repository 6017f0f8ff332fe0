#include "tickets/srv.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <array>

namespace mullion::tickets {
namespace {

constexpr std::size_t most_records = 16;

bool is_dns_name(std::string_view name) {
    return !name.empty() && name.size() <= 253 && name.front() != '.' && name.front() != '-' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '-' || c == '_';
           });
}

// A DNS message, read from its beginning to its end (RFC 1035 4.1). libresolv would read it, too, but every
// command would load it.
class Message {
public:
    explicit Message(std::string_view bytes)
        : begin_(reinterpret_cast<const unsigned char*>(bytes.data())),
          end_(begin_ + bytes.size()),
          at_(begin_) {}

    [[nodiscard]] bool good() const { return good_; }
    std::uint16_t number() {
        if (!has(2)) return 0;
        const auto value = static_cast<std::uint16_t>(at_[0] << 8 | at_[1]);
        at_ += 2;
        return value;
    }
    void skip(std::size_t size) {
        if (has(size)) at_ += size;
    }
    // dn_expand follows what names share with others, backwards only, and stops at the message's end.
    std::string name() {
        std::array<char, NS_MAXDNAME> text{};
        const int size =
            good_ ? dn_expand(begin_, end_, at_, text.data(), static_cast<int>(text.size())) : -1;
        if (size < 0) {
            good_ = false;
            return {};
        }
        at_ += size;
        return text.data();
    }

private:
    bool has(std::size_t size) {
        good_ = good_ && size <= static_cast<std::size_t>(end_ - at_);
        return good_;
    }
    const unsigned char *begin_, *end_, *at_;
    bool good_ = true;
};

struct Entry {
    bool is_srv = false;
    SrvRecord record;
};

Entry entry_of(Message& message) {
    (void)message.name();
    Entry entry;
    const auto type = message.number(), net = message.number();
    message.skip(4);  // How long it may be kept.
    const auto size = message.number();
    entry.is_srv = type == ns_t_srv && net == ns_c_in;
    if (!entry.is_srv) {
        message.skip(size);
        return entry;
    }
    entry.record.priority = message.number();
    entry.record.weight = message.number();
    entry.record.port = message.number();
    entry.record.host = message.name();
    return entry;
}

}  // namespace

std::optional<std::vector<SrvRecord>> read_srv_answer(std::string_view bytes) {
    Message message(bytes);
    message.skip(4);
    const auto questions = message.number(), answers = message.number();
    message.skip(4);
    for (int i = 0; i < questions && message.good(); ++i) {
        (void)message.name();
        message.skip(4);
    }
    std::vector<SrvRecord> records;
    for (int i = 0; i < answers && message.good() && records.size() < most_records; ++i) {
        auto entry = entry_of(message);
        // A name of "." says that there is no such service.
        const bool usable = entry.is_srv && entry.record.port != 0 && is_dns_name(entry.record.host);
        if (message.good() && usable) records.push_back(std::move(entry.record));
    }
    if (!message.good()) return std::nullopt;
    std::stable_sort(records.begin(), records.end(), [](const SrvRecord& a, const SrvRecord& b) {
        return a.priority != b.priority ? a.priority < b.priority : a.weight > b.weight;
    });
    return records;
}

std::optional<std::string> srv_name(const std::string& realm) {
    if (!is_dns_name(realm)) return std::nullopt;
    return "_kerberos._tcp." + realm;
}

}  // namespace mullion::tickets
