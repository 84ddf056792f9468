// What a peer says to whoever keeps the peers.
#pragma once
#include <cstdint>
#include <memory>

#include "diamgw/codec/message.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/peers/peer_report.hpp"
#include "diamgw/gateway/shard_context.hpp"

namespace diamgw::gateway {

class peer;

/// Outlives the peers. Called on the peer's home shard.
class peer_owner {
 public:
  /// A request of an application, by the connection of that number.
  virtual void on_request(peer& from, std::uint32_t connection, diameter::message request) = 0;
  /// The peer's state, or what else is told of it, has changed.
  virtual void on_report(peer& of, std::shared_ptr<const peer_report> report) = 0;
  /// An unknown peer has been gone for a while. True where its place is nobody's from now on: it
  /// may become another by `peer::become`.
  [[nodiscard]] virtual bool give_back(peer& of) = 0;
  /// By which the AVPs of a message that is refused are told apart; until the shard's next turn.
  [[nodiscard]] virtual const dictionary::dictionary& dictionary_of(
      const shard_context& on) const = 0;
  /// What requests between peers are held to, by the calling shard's thread and until its next
  /// turn; null where `diameter.validate_messages` says that they are not.
  [[nodiscard]] virtual diameter::validator* grammar_of(const shard_context& on) = 0;

 protected:
  ~peer_owner() = default;
};

}  // namespace diamgw::gateway
