#include "auth/certificate.h"

#include "auth/policy.h"

namespace mullion::auth {
namespace {

class CertificateInitiator final : public Initiator {
public:
    std::string_view http_scheme() const override { return auth::http_scheme(Transport::certificate); }
    std::string_view name() const override { return "certificate"; }
    bool may_block() const override { return false; }
    bool every_request() const override { return true; }
    Result<Step> step(std::string_view /*token*/) override { return Step{{}, true}; }
    Sealing* sealing() override { return nullptr; }
    std::string_view multipart_protocol() const override { return {}; }
};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace

std::unique_ptr<Initiator> make_certificate_initiator() {
    return std::make_unique<CertificateInitiator>();
}

bool means_certificate(const http::Headers& headers) {
    const auto fields = headers.all("Authorization");
    return fields.size() == 1 &&
           http::same_without_case(trimmed(fields.front()), http_scheme(Transport::certificate));
}

}  // namespace mullion::auth
