# Reads AsciiDoc texts, each a JSON string on a line, and answers each with Asciidoctor's tree as JSON on a line.
#
# A node is [what, nodes]: a leaf's `what` is its HTML. Sections and the preamble hold nothing here: what they
# hold follows them.
require 'asciidoctor'
require 'json'

Asciidoctor::LoggerManager.logger = Asciidoctor::NullLogger.new

def said_of node
  kept = node.attributes.reject {|name, _| name == 'attribute_entries' || name == 'coids' || name == :attribute_entries }
  [node.context, node.style, node.id, node.title? ? node.title : nil, kept.map {|pair| pair.join '=' }.sort].inspect
end

def blocks_of node
  node.blocks.flat_map {|block| nodes_of block }
end

def nodes_of node
  node.document.playback_attributes node.attributes
  case node.context
  when :preamble
    blocks_of node
  when :section
    [[[node.level, node.special, said_of(node)].inspect, []]] + blocks_of(node)
  when :dlist
    items = node.items.map do |terms, text|
      [terms.map(&:text).inspect + (text && text.text? ? text.text : ''), text ? blocks_of(text) : []]
    end
    [[said_of(node), items]]
  when :ulist, :olist, :colist
    items = node.items.map {|item| [item.text + said_of(item), blocks_of(item)] }
    [[said_of(node), items]]
  else
    if node.content_model == :compound && node.context != :table
      [[said_of(node), blocks_of(node)]]
    else
      [[node.convert.to_s, []]]
    end
  end
end

$stdout.sync = true
$stdin.each_line do |text|
  document = Asciidoctor.load JSON.parse(text)
  header = ['authors', 'revnumber', 'revdate', 'toc', 'doctype'].map {|name| document.attr name }
  puts JSON.generate [[document.header && document.header.title, header].inspect, blocks_of(document)]
end
