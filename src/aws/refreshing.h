// Keeps credentials, and gets others before they expire (secrets.md 2.3).
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "aws/credentials.h"
#include "core/clock.h"

namespace mullion::aws {

// Up to 15 minutes before the end others are tried for, and what is there goes on being used where that
// fails; up to 10 minutes before it there have to be others. Of a short session it is a third and a sixth of
// its time. One thread asks the source; the others take what is there meanwhile, or wait where it is no
// longer good.
class RefreshingCredentials final : public CredentialProvider {
public:
    RefreshingCredentials(std::unique_ptr<CredentialSource> source, const Clock& clock)
        : source_(std::move(source)), clock_(clock) {}

    [[nodiscard]] Outcome<Shared> get() override;
    void forget(const Shared& refused) override;
    [[nodiscard]] std::string description() const override { return source_->description(); }
    [[nodiscard]] std::vector<std::string> notes() const override;

private:
    enum class Age { good, advisory, mandatory };
    [[nodiscard]] Age age() const;
    [[nodiscard]] Outcome<Shared> fetch();
    [[nodiscard]] Outcome<Shared> get_advised(const Shared& present);

    std::unique_ptr<CredentialSource> source_;
    const Clock& clock_;
    std::mutex fetching_;      // Held while the source is asked.
    mutable std::mutex kept_;  // Guards what follows; never held while something blocks.
    Shared current_;
    std::optional<WallTime> fetched_;
    std::optional<WallTime> not_before_;  // The next try, after one that failed while it was only advised.
    std::vector<std::string> notes_;
};

}  // namespace mullion::aws
