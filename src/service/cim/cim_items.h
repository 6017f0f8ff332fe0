// An enumeration of CIM as a source of items, from any thread.
#pragma once

#include <memory>

#include "core/clock.h"
#include "service/cim/cim_backend.h"
#include "service/requests/item_source.h"

namespace mullion::service {

class CimItems final : public ItemSource {
public:
    // One of which nothing was taken for so long lets its process go: whoever began it may have left, and
    // nobody would know. The first take() asks anew. What was taken from has its process until it is closed.
    static constexpr Duration patience{10'000};

    // The backend must outlive it.
    CimItems(net::Executor executor, CimBackend& backend, CimQuestion question, Duration how_long = patience);
    ~CimItems() override;

    [[nodiscard]] net::Task<Done> begin(Waiting waiting) override;
    [[nodiscard]] net::Task<Taken> take(Batching most, Waiting waiting) override;
    void close() override;
    [[nodiscard]] std::size_t bytes() const override;

private:
    class Asking;
    net::Executor executor_;
    std::shared_ptr<Asking> asking_;
};

}  // namespace mullion::service
