// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;

/// Puts a dialled channel through the upgrade.
final class DialInitializer extends ChannelInitializer<Channel> {
    private final Swarm swarm;
    private final Upgrade.UpgradeTarget target;

    DialInitializer(Swarm swarm, Upgrade.UpgradeTarget target) {
        this.swarm = swarm;
        this.target = target;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast("upgrade", new Upgrade(swarm, target));
    }
}
