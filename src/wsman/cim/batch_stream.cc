#include "wsman/cim/batch_stream.h"

#include <iterator>

#include "wsman/enumeration_parts.h"
#include "wsman/fault.h"
#include "wsman/uris.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

using Event = xml::PullReader::Event;

// Elements that are open where a list of items stands: Envelope, Body, PullResponse, Items.
constexpr std::size_t items_depth = 4;

bool is_item_reference(const xml::PullReader& reader) {
    return reader.is(ns::addressing, "EndpointReference");
}

// Of WS-Management or WS-Enumeration, as view_batch() takes them.
bool is_either(const xml::PullReader& reader, std::string_view local) {
    return reader.is(ns::wsman, local) || reader.is(ns::enumeration, local);
}

// Walks to the start of the items: the second level of the first element in the body. False, and the document
// was read to its end, when there are none. `open` are the names of the elements around.
Result<bool> find_items(xml::PullReader& reader, std::string& closing) {
    std::string_view open[items_depth - 1];
    unsigned inside_body = 0;
    for (;;) {
        const auto event = reader.next();
        if (event == Event::failed) return reader.error();
        if (event == Event::finished) return false;
        if (event != Event::start) continue;
        const auto depth = reader.depth();
        if (depth < items_depth) open[depth - 1] = reader.name();
        if (depth == 2 && !reader.is(ns::soap, "Body")) MULLION_TRY(reader.skip_to(1));
        if (depth == 3 && ++inside_body > 1) MULLION_TRY(reader.skip_to(2));
        if (depth != items_depth) continue;
        if (is_either(reader, "Items")) break;
        MULLION_TRY(reader.skip_to(items_depth - 1));
    }
    for (auto name = std::rbegin(open); name != std::rend(open); ++name)
        closing.append("</").append(*name).append(">");
    return true;
}

Error as_envelope(Error error) {
    error.wsman_code = wsman::code::invalid_xml;
    return error;
}

}  // namespace

Result<BatchStream> BatchStream::of(std::string bytes, std::string_view request_action,
                                    const xml::Limits& limits) {
    MULLION_ASSIGN(auto stream, open(std::move(bytes), limits));
    MULLION_TRY(stream.begin(request_action));
    return stream;
}

// What stands before the items is a message of its own, closed where they begin.
Result<BatchStream> BatchStream::open(std::string bytes, const xml::Limits& limits) {
    auto opened = xml::PullReader::of(std::move(bytes), limits);
    if (!opened) return as_envelope(std::move(opened).error());
    auto reader = std::make_unique<xml::PullReader>(std::move(opened).value());
    std::string closing;
    const auto found = find_items(*reader, closing);
    if (!found) return as_envelope(found.error());
    const bool items = found.value();
    auto text = std::string(items ? reader->source().substr(0, reader->mark().began) : reader->source());
    text += closing;
    MULLION_ASSIGN(auto head, read_message(std::move(text), limits));
    return BatchStream(std::move(reader), std::move(head), items ? At::items : At::behind);
}

Result<void> BatchStream::begin(std::string_view request_action) {
    begins_ = request_action != action::pull;
    if (at_ == At::behind) {
        MULLION_ASSIGN(auto view, view_batch(head_, request_action));
        context_ = std::move(view.context);
        end_ = view.end;
        return {};
    }
    MULLION_ASSIGN(const auto body, batch_body(head_, request_action));
    context_ = body.first(ns::enumeration, "EnumerationContext").trimmed();
    end_ = body.first(ns::wsman, "EndOfSequence") || body.first(ns::enumeration, "EndOfSequence");
    return {};
}

bool BatchStream::is_fragment() const {
    return object_.space() == ns::wsman && object_.element_name() == "XmlFragment";
}

// True at the start of the next child of the element that is `depth` deep; false behind its end.
Result<bool> BatchStream::next_start(std::size_t depth) {
    for (;;) {
        const auto event = reader_->next();
        if (event == Event::failed) return reader_->error();
        if (event == Event::start) return true;
        if (reader_->depth() < depth || event == Event::finished) return false;
    }
}

Result<bool> BatchStream::next_item() {
    if (at_ == At::object) {
        for (PropertyView view;;) {
            MULLION_ASSIGN(const bool more, next(view));
            if (!more) break;
        }
    }
    has_object_ = false;
    reference_.reset();
    if (at_ == At::behind) return false;
    MULLION_ASSIGN(const bool more, next_start(items_depth));
    if (more) {
        MULLION_TRY(begin_item());
        return true;
    }
    at_ = At::behind;
    MULLION_TRY(read_tail());
    return false;
}

Result<void> BatchStream::begin_item() {
    pair_ = false;
    if (is_item_reference(*reader_)) return read_reference_here();
    if (reader_->is(ns::wsman, "Item")) return begin_pair();
    begin_object();
    return {};
}

void BatchStream::begin_object() {
    object_.begin(*reader_);
    has_object_ = true;
    at_ = At::object;
}

Result<void> BatchStream::read_reference_here() {
    MULLION_ASSIGN(const auto element, reader_->take(reader_->mark()));
    MULLION_ASSIGN(reference_, read_reference(element));
    return {};
}

// DSP0226 8.7: an object and its reference, in that order; the other one is read too.
Result<void> BatchStream::begin_pair() {
    pair_ = true;
    for (;;) {
        MULLION_ASSIGN(const bool more, next_start(items_depth + 1));
        if (!more) return malformed("an item of the batch lacks its object or its reference");
        if (!is_item_reference(*reader_)) break;
        if (reference_) return malformed("an item of the batch holds more than an object and its reference");
        MULLION_TRY(read_reference_here());
    }
    begin_object();
    return {};
}

Result<void> BatchStream::finish_pair() {
    for (;;) {
        MULLION_ASSIGN(const bool more, next_start(items_depth + 1));
        if (!more) break;
        if (reference_ || !is_item_reference(*reader_))
            return malformed("an item of the batch holds more than an object and its reference");
        MULLION_TRY(read_reference_here());
    }
    if (!reference_) return malformed("an item of the batch lacks its object or its reference");
    return {};
}

Result<bool> BatchStream::next(PropertyView& property) {
    if (at_ != At::object) return false;
    MULLION_ASSIGN(const bool more, object_.next(*reader_, property));
    if (more) return true;
    at_ = At::items;
    if (pair_) MULLION_TRY(finish_pair());
    return false;
}

// What follows the items: the end, or the context where a service puts it there.
Result<void> BatchStream::read_tail() {
    for (;;) {
        MULLION_ASSIGN(const bool more, next_start(items_depth - 1));
        if (!more) break;
        // Rows that nobody would see are worse than an answer that is refused.
        if (is_either(*reader_, "Items")) return two_lists_of_items();
        if (is_either(*reader_, "EndOfSequence")) end_ = true;
        const auto mark = reader_->mark();
        if (context_.empty() && reader_->is(ns::enumeration, "EnumerationContext")) {
            MULLION_ASSIGN(const auto element, reader_->take(mark));
            context_ = element.trimmed();
        } else {
            MULLION_TRY(reader_->skip_to(mark.depth - 1));
        }
    }
    MULLION_TRY(read_behind());
    if (!end_ && context_.empty() && begins_)
        return malformed("the batch is not the last and names no context to pull the next with");
    return {};
}

// To the end of the document. SOAP 1.2 part 1, 5.1: nothing of Header or Body follows, as in read_message().
Result<void> BatchStream::read_behind() {
    for (;;) {
        const auto event = reader_->next();
        if (event == Event::failed) return as_envelope(reader_->error());
        if (event == Event::finished) return {};
        if (event != Event::start || reader_->depth() != 2) continue;
        if (reader_->is(ns::soap, "Header"))
            return bad_request("the envelope has a Header after its Header or Body");
        if (reader_->is(ns::soap, "Body")) return bad_request("the envelope has two bodies");
    }
}

}  // namespace mullion::wsman::cim
