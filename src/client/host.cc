#include "client/host.h"

namespace mullion::client {

std::shared_ptr<Link> Host::link(Lane lane) {
    auto& link = links_[index(lane)];
    if (!link) link = make_link();
    return link;
}

void Host::drop(Lane lane) {
    auto& link = links_[index(lane)];
    if (link) link->close();
    link.reset();
}

}  // namespace mullion::client
