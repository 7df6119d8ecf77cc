# Reads AsciiDoc texts, each a JSON string on a line, and answers each with Asciidoctor's tree as JSON on a line.
#
# A node is [line, what, nodes]: a leaf's `what` is its HTML. Sections and the preamble hold nothing here: what they
# hold follows them.
require 'asciidoctor'
require 'json'

Asciidoctor::LoggerManager.logger = Asciidoctor::NullLogger.new

def line_of node
  node.source_location ? node.source_location.lineno : 0
end

def said_of node
  kept = node.attributes.reject {|name, _| name == 'attribute_entries' || name == 'coids' || name == :attribute_entries }
  [node.context, node.style, node.id, node.title? ? node.title : nil, kept.map {|pair| pair.join '=' }.sort].inspect
end

def blocks_of node
  node.blocks.flat_map {|block| nodes_of block }
end

def nodes_of node
  case node.context
  when :preamble
    blocks_of node
  when :section
    [[line_of(node), [node.level, node.special, said_of(node)].inspect, []]] + blocks_of(node)
  when :dlist
    items = node.items.map do |terms, text|
      [line_of(terms[0]), terms.map(&:text).inspect + (text && text.text? ? text.text : ''), text ? blocks_of(text) : []]
    end
    [[line_of(node), said_of(node), items]]
  when :ulist, :olist, :colist
    items = node.items.map {|item| [line_of(item), item.text + said_of(item), blocks_of(item)] }
    [[line_of(node), said_of(node), items]]
  else
    if node.content_model == :compound && node.context != :table
      [[line_of(node), said_of(node), blocks_of(node)]]
    else
      [[line_of(node), node.convert.to_s, []]]
    end
  end
end

$stdout.sync = true
$stdin.each_line do |text|
  document = Asciidoctor.load JSON.parse(text), sourcemap: true
  header = ['authors', 'revnumber', 'revdate', 'toc', 'doctype'].map {|name| document.attr name }
  puts JSON.generate [0, [document.header && document.header.title, header].inspect, blocks_of(document)]
end
