// The answer to Enumerate or Pull as a stream: item by item and property by property out of its body, nothing
// copied, nothing kept. DSP0226 8.4.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "wsman/cim/instance.h"
#include "wsman/cim/instance_stream.h"
#include "wsman/cim/reference.h"
#include "wsman/envelope.h"
#include "xml/pull_reader.h"

namespace mullion::wsman::cim {

class BatchStream {
public:
    // Reads up to the first item. Errors: the fault's, wsman.malformed.
    [[nodiscard]] static Result<BatchStream> of(std::string bytes, std::string_view request_action,
                                                const xml::Limits& limits);
    // The same in two steps, for who has to look at the message in between: open() takes any envelope, and
    // begin() says whether it is the answer to that action.
    [[nodiscard]] static Result<BatchStream> open(std::string bytes, const xml::Limits& limits);
    [[nodiscard]] Result<void> begin(std::string_view request_action);

    // The message without its items: a fault, which has none, is all there.
    [[nodiscard]] const Message& head() const { return head_; }
    [[nodiscard]] Message take_head() && { return std::move(head_); }

    // To the next item; what was not read of the one before is passed over. False when there are no more, and
    // the answer was read to its end. Errors: wsman.malformed. Items that came before such an error were
    // there all the same.
    [[nodiscard]] Result<bool> next_item();

    // Of the item: an instance, or a w:XmlFragment.
    [[nodiscard]] bool has_object() const { return has_object_; }
    [[nodiscard]] std::string_view element_name() const { return object_.element_name(); }
    [[nodiscard]] std::string_view space() const { return object_.space(); }
    [[nodiscard]] std::string_view type() const { return object_.type(); }
    [[nodiscard]] bool is_fragment() const;
    // Its next property; false when there are no more. The view may be used again, and is best used again.
    [[nodiscard]] Result<bool> next(PropertyView& property);
    // Known when there is no object, or its properties have been read: it stands behind them.
    [[nodiscard]] const std::optional<Reference>& reference() const { return reference_; }
    [[nodiscard]] std::optional<Reference> take_reference() {
        return std::exchange(reference_, std::nullopt);
    }

    // Known when there are no more items; before, what stands in front of them.
    // To pull the next batch with. Empty, of a Pull that is not the last: that one's own goes on.
    [[nodiscard]] const std::string& context() const { return context_; }
    [[nodiscard]] bool end() const { return end_; }  // No batch follows.

private:
    enum class At : std::uint8_t { items, object, behind };  // Between items, in one, behind them all.

    BatchStream(std::unique_ptr<xml::PullReader> reader, Message head, At at)
        : reader_(std::move(reader)), head_(std::move(head)), at_(at) {}
    Result<void> read_tail();
    Result<void> read_behind();
    Result<void> begin_item();
    Result<void> begin_pair();
    Result<void> finish_pair();
    Result<bool> next_start(std::size_t depth);
    Result<void> read_reference_here();
    void begin_object();

    std::unique_ptr<xml::PullReader> reader_;
    Message head_;
    std::string context_;
    bool end_ = false;
    bool begins_ = true;  // It answers an Enumerate: nobody has a context yet.
    At at_;
    bool has_object_ = false;
    bool pair_ = false;  // The item is a w:Item, of both.
    InstanceStream object_;
    std::optional<Reference> reference_;
};

// The item's object as a whole. Errors: wsman.malformed.
[[nodiscard]] Result<Instance> read_instance(BatchStream& stream, const InstanceLimits& limits = {});

}  // namespace mullion::wsman::cim
